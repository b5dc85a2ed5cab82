import { streamedBody } from '@linkhaul/client/service';
import type { z } from 'zod';
import type { Context } from '../command.js';
import { percent } from '../render/bar.js';
import { formatBytes } from '../render/figures.js';
import type { Terminal } from '../terminal.js';
import { formatOfName, type ListFormat, MEDIA_TYPES } from './format.js';
import { type ListSource, openList } from './source.js';

interface Upload<S extends z.ZodType> {
  readonly file: string;
  readonly format: ListFormat | undefined;
  /** Below `/v1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: S;
}

/** Sends a list as it is read, gzipped on the way. */
export async function upload<S extends z.ZodType>(request: Upload<S>, context: Context): Promise<z.output<S>> {
  const { file, path, query, headers = {}, answer } = request;
  const { transport, terminal } = context;
  const format = request.format ?? formatOfName(file);
  const source = await openList(file, terminal);
  const sending = showSending(source, terminal);
  try {
    return await transport.read(
      {
        method: 'POST',
        path: [path],
        query,
        headers: { 'content-type': MEDIA_TYPES[format], 'content-encoding': 'gzip', ...headers },
        body: streamedBody(sending.chunks, !source.gzipped),
        signal: terminal.interrupted,
        answerWithinMs: null,
      },
      answer,
    );
  } catch (error) {
    throw source.failure() ?? error;
  } finally {
    sending.end();
  }
}

const DRAW_EVERY_MS = 100;

/** The list's bytes, with how many have gone drawn on a terminal. */
function showSending({ chunks, size }: ListSource, { screen }: Terminal) {
  let [sent, drawnAt] = [0, 0];
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      sent += chunk.length;
      if (!screen.isTTY || performance.now() - drawnAt < DRAW_EVERY_MS) continue;
      drawnAt = performance.now();
      const of = size === null ? '' : ` of ${formatBytes(size)}, ${percent(sent / size)}`;
      screen.write(`\r\u001b[2KSending ${formatBytes(sent)}${of}`.slice(0, screen.columns + 4));
    }
  }
  return { chunks: counted(), end: () => (drawnAt > 0 ? screen.write('\r\u001b[2K') : undefined) };
}
