import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type VerifiedDelivery, verifyWebhook, WebhookRejected } from '@linkhaul/client/service';
import { badInput } from './failure.js';

interface ReceiverOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly secret: string;
  /** Called with each delivery whose signature is right. The same event may be delivered again, with the same id. */
  readonly onEvent: (delivery: VerifiedDelivery) => void;
  readonly onRejected: (reason: string) => void;
}

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** No event is larger: a sender of more is not Linkhaul. */
const MOST_BYTES = 1_048_576;

/** Listens for webhooks. Those with a wrong signature are answered with 400. */
export async function receiveWebhooks(options: ReceiverOptions): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const status = await statusFor(request, options);
    response.writeHead(status, { connection: 'close' }).end();
  });
  const port = await listen(server, options);
  const name = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${name}:${port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function statusFor(request: IncomingMessage, { secret, onEvent, onRejected }: ReceiverOptions): Promise<number> {
  if (request.method !== 'POST') return 405;
  const body = await bodyOf(request);
  if (body === null) return 413;
  try {
    onEvent(verifyWebhook({ secret, headers: request.headers, body }));
    return 204;
  } catch (error) {
    const known = error instanceof WebhookRejected || error instanceof SyntaxError;
    onRejected(known ? error.message : 'the secret cannot be used: it is whsec_ and base64.');
    return 400;
  }
}

/** Null if the body is too long or incomplete. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

async function listen(server: Server, { host, port }: ReceiverOptions): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening').catch((error: Error) => {
    throw badInput(`Cannot listen at ${host}:${port}: ${error.message}. --port and --host name another address.`);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
