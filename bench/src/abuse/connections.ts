import { execFile } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { quantile, table } from '../figures.js';
import { type Api, withApi } from '../interface/api-process.js';
import type { Environment, Say } from '../limits/service.js';

const run = promisify(execFile);
const HALF_HEAD = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ';
const PROBES = 100;
/** Longer than any connection may stay open. */
const WATCHED_MS = 25_000;

interface Crowd {
  readonly name: string;
  readonly clients: number;
  readonly address: string;
  /** The process's limit of file descriptors; by default the system's own. */
  readonly descriptors?: number;
}

const CROWDS: readonly Crowd[] = [
  { name: 'half a head, 256 descriptors', clients: 300, address: '127.0.0.1', descriptors: 256 },
  { name: 'half a head, one address', clients: 2_000, address: '127.0.0.2' },
];

/** Measures clients that send half a request head: what they cost others, and how long they stay connected. */
export async function benchConnections(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['clients', 'opened', 'open then', 'healthz', 'p50', 'most', 'last one cut after'];
  const rows: string[][] = [];
  for (const crowd of CROWDS) {
    // Half of the descriptors, which the process would also choose. The system's limit still applies.
    const settings = crowd.descriptors === undefined ? {} : { MAX_CONNECTIONS: String(crowd.descriptors / 2) };
    rows.push(await withApi({ env, say, settings }, (api) => measure(crowd, api)));
  }
  for (const line of table([heading, ...rows])) say(line);
  say('');
  say('healthz: answers of 100 questions, one after the other, each by a connection of its own, while they are open.');
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function measure({ name, clients, address, descriptors }: Crowd, { url, pid }: Api): Promise<string[]> {
  if (descriptors !== undefined) await run('prlimit', [`--nofile=${descriptors}:${descriptors}`, `--pid=${pid}`]);
  const port = Number(new URL(url).port);
  const sockets: Socket[] = [];
  const startedAt = performance.now();
  for (let count = 0; count < clients; count++) sockets.push(await halfHead(port, address));
  const probes: number[] = [];
  let answered = 0;
  let open = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const from = performance.now();
    if (await askHealth(port)) answered += 1;
    probes.push(performance.now() - from);
    if (probe === 0) open = sockets.filter((socket) => !socket.closed).length;
  }
  const signal = AbortSignal.timeout(WATCHED_MS);
  setMaxListeners(0, signal);
  const all = Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close', { signal })));
  const seconds = await all.then(
    () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    () => `> ${WATCHED_MS / 1000} s`,
  );
  for (const socket of sockets) socket.destroy();
  const ms = [quantile(probes, 0.5), Math.max(...probes)].map((value) => `${value.toFixed(1)} ms`);
  return [name, String(clients), String(open), `${answered} of ${PROBES}`, ...ms, seconds];
}

async function halfHead(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).resume();
  socket.setMaxListeners(0).on('error', () => undefined);
  socket.write(HALF_HEAD);
  await once(socket, 'connect');
  return socket;
}

async function askHealth(port: number): Promise<boolean> {
  const asked = get({ host: '127.0.0.1', port, path: '/healthz', agent: false, timeout: 5_000 });
  asked.on('timeout', () => asked.destroy());
  const [answer] = await once(asked, 'response').catch(() => [null]);
  answer?.resume();
  return answer?.statusCode === 200;
}
