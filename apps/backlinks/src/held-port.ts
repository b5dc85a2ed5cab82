import { createServer } from 'node:net';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The process cannot listen at its address. The message explains it in one sentence. */
export class PortError extends Error {}

/**
 * Keeps a port from other programs until it is served. Resolves with a function that releases it. Connections are cut at once:
 * an answer would look as if the process were ready. Throws PortError if the port cannot be used.
 */
export function holdPort({ host, port }: Address): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy());
  const release = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const advice = 'set PORT to a free port, and HOST to an address of this machine';
      reject(new PortError(`${host}:${port} cannot be served (${cause.message}); ${advice}`, { cause }));
    });
    server.listen(port, host, () => resolve(release));
  });
}
