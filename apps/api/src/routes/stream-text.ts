import type { Context } from 'hono';
import type { AppEnv, Services } from '../services.js';

interface StreamOptions {
  readonly type: string;
  readonly logger: Services['logger'];
}

/**
 * Answers with text as it is made. What fails before the first piece becomes a problem; what fails later cuts the
 * connection, so that a part never passes for the whole.
 */
export async function streamText(
  c: Context<AppEnv>,
  pieces: AsyncGenerator<string>,
  options: StreamOptions,
): Promise<Response> {
  const encoder = new TextEncoder();
  let next = await pieces.next();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      try {
        next = await pieces.next();
      } catch (error) {
        options.logger.error({ err: error, path: c.req.path }, 'answer cut');
        c.env.outgoing.destroy();
        controller.close();
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return c.body(body, 200, { 'content-type': options.type });
}
