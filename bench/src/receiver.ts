import { once } from 'node:events';
import { serveLoopback } from './loopback.js';

/** A receiver of webhooks on loopback. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** When the next webhook arrives, by `performance.now()`. */
  next(): Promise<number>;
  /** Resolves when this many webhooks have arrived in all. */
  received(webhooks: number): Promise<void>;
  close(): void;
}

/** Starts a receiver that answers at once, or never. */
export async function startReceiver(answers: boolean): Promise<Receiver> {
  let seen = 0;
  const { server, url, port, close } = await serveLoopback((request, response) => {
    seen += 1;
    server.emit('webhook', performance.now());
    request.resume();
    if (answers) request.on('end', () => response.writeHead(204).end());
  });
  return {
    url: `${url}/`,
    port,
    async next() {
      const [at]: number[] = await once(server, 'webhook');
      return at ?? 0;
    },
    async received(webhooks) {
      while (seen < webhooks) await once(server, 'webhook');
    },
    close,
  };
}
