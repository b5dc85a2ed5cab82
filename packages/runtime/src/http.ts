import { createServer, type Server, type ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { getRequestListener } from '@hono/node-server';

type Fetch = Parameters<typeof getRequestListener>[0];

interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Take any free port when this one is in use. */
  readonly orAnyPort?: boolean;
}

export interface HttpServer {
  readonly port: number;
  /** Stops accepting, lets open requests end for this long, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** Serves a fetch handler. Bodies may stream for as long as they keep coming: silence is the handler's to judge. */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 0 }, getRequestListener(fetch));
  const close = drainable(server);
  await bind(server, options);
  return { port: portOf(server), close };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server is not bound to a port');
  return address.port;
}

async function bind(server: Server, options: ListenOptions): Promise<void> {
  try {
    await listenOn(server, options.host, options.port);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken || !options.orAnyPort) throw error;
    await listenOn(server, options.host, 0);
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/**
 * Keeps account of a server's connections, so that closing it is a matter of its requests. Node's own `close` waits for
 * the keep-alive time of a connection whose last request has ended, and cuts an answer that is complete but still on its way.
 */
function drainable(server: Server): (graceMs: number) => Promise<void> {
  const open = new Map<Socket, Set<ServerResponse>>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const responses = open.get(socket)?.add(response);
    response.once('close', () => {
      responses?.delete(response);
      if (closing && responses?.size === 0) socket.destroySoon();
    });
  });
  return (graceMs) =>
    new Promise((resolve) => {
      closing = true;
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      TcpServer.prototype.close.call(server, () => {
        clearTimeout(cut);
        resolve();
      });
      for (const [socket, responses] of open) {
        if (responses.size === 0) socket.destroy();
        for (const response of responses) tellLast(response);
      }
    });
}

/** So that the client opens another connection for its next request, rather than lose it on this one. */
function tellLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
