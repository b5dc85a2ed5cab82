import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** An HTTP server on a free port of 127.0.0.1. */
export interface Loopback {
  readonly server: Server;
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  /** Also cuts connections that are still open. */
  close(): void;
}

export async function serveLoopback(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port');
  return {
    server,
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
