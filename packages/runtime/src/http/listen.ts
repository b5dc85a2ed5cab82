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
  /** Takes any free port if this one is in use. */
  readonly orAnyPort?: boolean;
  readonly limits?: ConnectionLimits;
  /** The answer to a client with too many open requests. */
  readonly refuse?: () => Response;
}

export interface HttpServer {
  readonly port: number;
  /** Stops accepting connections, waits this long for open requests, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/**
 * Serves a fetch handler. Every server of the service is made here. Heads, connections and requests have limits; a body or an
 * answer may take any time as long as its bytes keep coming.
 */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<HttpServer> {
  const limits = options.limits ?? usualLimits();
  // Node's time-outs are off: they end whole requests, while a body may take hours. An idle connection is kept for the time
  // that a head may take, and `Keep-Alive` tells clients so. Node's 5 s would close it under a client's next request.
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: limits.headMs });
  const connections = watchConnections(server, limits);
  // On every answer, even without a route: a browser must believe the content type.
  server.on('request', (_, response) => response.setHeader('x-content-type-options', 'nosniff'));
  server.on('request', getRequestListener(refusing(fetch, connections, options.refuse ?? tooMany)));
  await bind(server, options);
  return { port: portOf(server), close: (graceMs) => close(server, connections, graceMs) };
}

/** A client with too many open requests may still ask for the health. */
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

/** Node's own `close` waits for idle connections, and cuts answers that are still being sent. */
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
