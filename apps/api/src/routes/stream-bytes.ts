import type { Context } from 'hono';
import type { Piece } from '../results/forms.js';
import type { AppEnv, Services } from '../services.js';

interface StreamOptions {
  readonly status?: 200 | 206;
  readonly headers: Readonly<Record<string, string>>;
  /** The name of a trailer. It is left out for HTTP/1.0, which some proxies speak and which has no trailers. */
  readonly trailer?: string | undefined;
  readonly logger: Services['logger'];
}

/**
 * Sends bytes as they are made. An error before the first piece becomes a problem; a later one cuts the connection, so that an
 * incomplete body is never taken for the whole.
 */
export async function streamBytes(
  c: Context<AppEnv>,
  pieces: AsyncIterable<Uint8Array>,
  { status = 200, headers, trailer, logger }: StreamOptions,
): Promise<Response> {
  const source = pieces[Symbol.asyncIterator]();
  let next = await source.next();
  // Once the client has left, nobody would read or cancel the body.
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

/** The uncompressed bytes of pieces. */
export async function* plain(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}
