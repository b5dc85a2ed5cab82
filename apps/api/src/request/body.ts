import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { ApiProblem } from '../problem.js';
import { unpack } from './unpack.js';

/** An upload may take any time, but the client must not be silent for longer than this. */
const SILENCE_MS = 30_000;

/** At most this many decoded bytes are parsed at once: more would delay other requests for too long. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Yields the decoded bytes of a request's body as they arrive. A gzip file is unpacked even without `Content-Encoding`. Rejects
 * with a problem if the client falls silent or leaves, or if a compressed body is incomplete. The socket stays open for the answer.
 */
export async function* readBody(incoming: IncomingMessage, encoding = 'identity'): AsyncGenerator<Buffer> {
  const isPacked = isGzipEncoding(encoding.toLowerCase());
  yield* unpack(readSent(incoming), { isPacked, chunkSize: CHUNK_BYTES });
}

async function* readSent(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  const sent = new PassThrough();
  const onGone = () => {
    // When a client leaves, its unread bytes are lost, even if the whole body has arrived.
    if (!incoming.readableEnded) sent.destroy(incomplete());
  };
  // Not pipeline(): it would destroy the request, and with it the socket of the answer.
  incoming.pipe(sent);
  incoming.once('close', onGone);
  if (incoming.destroyed) onGone();
  const silence = watchSilence(incoming, () => sent.destroy(stopped()));
  try {
    const chunks: AsyncIterator<Buffer> = sent[Symbol.asyncIterator]();
    for (;;) {
      // Only the client's silence counts, not the time that processing takes.
      silence.begin();
      const chunk = await chunks.next();
      silence.end();
      if (chunk.done) return;
      yield chunk.value;
    }
  } finally {
    silence.end();
    incoming.off('close', onGone);
    incoming.unpipe(sent);
    sent.destroy();
  }
}

/** Throws for an unknown encoding, before a byte is read. */
function isGzipEncoding(encoding: string): boolean {
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  if (encoding === 'identity') return false;
  throw new ApiProblem('unsupported_media_type', 'Send the body plain or with Content-Encoding: gzip.');
}

function watchSilence(incoming: IncomingMessage, onSilence: () => void) {
  let timer: NodeJS.Timeout | null = null;
  const onData = () => timer?.refresh();
  return {
    begin() {
      timer = setTimeout(onSilence, SILENCE_MS);
      incoming.on('data', onData);
    },
    end() {
      clearTimeout(timer ?? undefined);
      incoming.off('data', onData);
    },
  };
}

function stopped(): ApiProblem {
  return new ApiProblem('body_timeout', `No byte came for ${SILENCE_MS / 1000} s: send the body without such gaps.`);
}

function incomplete(): ApiProblem {
  return new ApiProblem('body_incomplete', 'The connection ended before the body did: send it again.');
}
