import type { Context } from 'hono';
import type { Piece } from '../results/forms.js';
import type { AppEnv, Services } from '../services.js';

interface StreamOptions {
  readonly status?: 200 | 206;
  readonly headers: Readonly<Record<string, string>>;
  /** What comes behind the bytes. HTTP/1.0, as many a proxy speaks it, has no place for it: there it is left out. */
  readonly trailer?: string | undefined;
  readonly logger: Services['logger'];
}

/**
 * Answers with bytes as they are made. What fails before the first piece becomes a problem; what fails later cuts the
 * connection, so that a part never passes for the whole.
 */
export async function streamBytes(
  c: Context<AppEnv>,
  pieces: AsyncIterable<Uint8Array>,
  { status = 200, headers, trailer, logger }: StreamOptions,
): Promise<Response> {
  const source = pieces[Symbol.asyncIterator]();
  let next = await source.next();
  // A body for a client that has gone by now would never be taken up, nor given up.
  if (c.env.outgoing.destroyed) await source.return?.();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(next.value);
      try {
        next = await source.next();
      } catch (error) {
        logger.error({ err: error, path: c.req.path }, 'answer cut');
        c.env.outgoing.destroy();
        controller.close();
      }
    },
    async cancel() {
      await source.return?.();
    },
  });
  const isAnnounced = trailer !== undefined && c.env.incoming.httpVersion !== '1.0';
  return c.body(body, status, { ...headers, ...(isAnnounced && { trailer }) });
}

/** The bytes of pieces, uncompressed. */
export async function* plain(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}
