import { createServer } from 'node:net';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The process cannot listen there. The message says so in one sentence. */
export class PortError extends Error {}

/**
 * Keeps a port from others until it is served, and gives what lets it go. Who connects is cut off: to answer would look
 * as if the process were ready. Throws PortError where the port cannot be had.
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
