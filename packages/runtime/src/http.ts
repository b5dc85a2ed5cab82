import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  return { port, close: (graceMs) => close(server, graceMs) };
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

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
