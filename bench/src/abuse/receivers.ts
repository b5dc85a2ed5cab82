import { once } from 'node:events';
import { createServer } from 'node:http';

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
  const server = createServer((request, response) => {
    seen += 1;
    server.emit('webhook', performance.now());
    request.resume();
    if (answers) request.on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the receiver does not listen on a port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    port: address.port,
    async next() {
      const [at]: number[] = await once(server, 'webhook');
      return at ?? 0;
    },
    async received(webhooks) {
      while (seen < webhooks) await once(server, 'webhook');
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
