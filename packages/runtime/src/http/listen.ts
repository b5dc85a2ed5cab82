import { createServer, type Server } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { HEALTH_PATHS } from '../health.js';
import { type Connections, watchConnections } from './connections.js';
import { type ConnectionLimits, usualLimits } from './limits.js';

type Fetch = Parameters<typeof getRequestListener>[0];

interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Take any free port when this one is in use. */
  readonly orAnyPort?: boolean;
  readonly limits?: ConnectionLimits;
  /** What a client with too many open requests is told. */
  readonly refuse?: () => Response;
}

export interface HttpServer {
  readonly port: number;
  /** Stops accepting, lets open requests end for this long, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/**
 * Serves a fetch handler: every server of the service is made here. A body may take for as long as it keeps coming, and so may
 * an answer; heads, connections and requests have the limits.
 */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<HttpServer> {
  const limits = options.limits ?? usualLimits();
  // Node's time-outs are off: they know heads and whole requests, while a body may take hours. The time for which an
  // idle connection is kept is the head's, and clients are told in `Keep-Alive`: Node's 5 s close a connection under the
  // next request of a client that is busy for a moment.
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: limits.headMs });
  const connections = watchConnections(server, limits);
  // Nothing is what it is not said to be, whichever route answers, or none.
  server.on('request', (_, response) => response.setHeader('x-content-type-options', 'nosniff'));
  server.on('request', getRequestListener(refusing(fetch, connections, options.refuse ?? tooMany)));
  await bind(server, options);
  return { port: portOf(server), close: (graceMs) => close(server, connections, graceMs) };
}

/** The health is told to everybody. */
function refusing(fetch: Fetch, { hasTooMany }: Connections, refuse: () => Response): Fetch {
  return (request, env) => {
    const isOver = hasTooMany(env.incoming) && !HEALTH_PATHS.includes(env.incoming.url ?? '');
    return isOver ? refuse() : fetch(request, env);
  };
}

function tooMany(): Response {
  return new Response('This address has too many requests open: try again when some have ended.\n', {
    status: 429,
    headers: { 'retry-after': '1', connection: 'close' },
  });
}

/** Node's own `close` waits for connections that nobody uses, and cuts an answer that is complete but still on its way. */
function close(server: Server, connections: Connections, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    TcpServer.prototype.close.call(server, () => {
      clearTimeout(cut);
      resolve();
    });
    connections.finish();
  });
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
