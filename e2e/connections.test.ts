import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { builtApp } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { environment } from './env.js';
import { graphOf, newPrefix, SCALED } from './harness.js';

const DESCRIPTORS = 256;
const CLIENTS = 300;
const HALF_HEAD = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ';
const listening = z.object({ msg: z.literal('listening'), port: z.number() });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a built process that may have only a few files and connections open. Resolves with its port. */
async function startPoor(app: 'api' | 'worker' | 'backlinks', headTimeoutMs: number): Promise<number> {
  const command = `ulimit -n ${DESCRIPTORS} && exec "$0" "$1"`;
  const child = spawn('bash', ['-c', command, process.execPath, builtApp(app)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...SCALED,
      PATH: environment.PATH,
      PORT: '0',
      REDIS_URL: environment.TEST_REDIS_URL,
      REDIS_PREFIX: newPrefix(),
      STORAGE_URL: pathToFileURL(join(folder, app)).href,
      UPSTREAM_URL: 'http://127.0.0.1:1',
      UPSTREAM_LOGIN: 'l',
      UPSTREAM_PASSWORD: 'p',
      BACKLINKS_DATA: await graphOf(SCALED),
      REQUEST_HEAD_TIMEOUT_MS: String(headTimeoutMs),
    },
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = listening.safeParse(JSON.parse(line));
    if (!said.success) continue;
    child.stdout.resume();
    return said.data.port;
  }
  throw new Error(`the ${app} ended before it listened`);
}

async function halfHead(port: number, at: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${1 + (at % 5)}` }).resume();
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.write(HALF_HEAD);
  await once(socket, 'connect');
  return socket;
}

/** Uses a new connection each time, like another client. */
async function askHealth(port: number): Promise<void> {
  const [answer] = await once(get({ host: '127.0.0.1', port, path: '/healthz', agent: false }), 'response');
  answer.resume();
}

it.each(['api', 'worker', 'backlinks'] as const)(
  'the %s answers for its health while hundreds send half a head, with few descriptors, and cuts them all',
  async (app) => {
    const port = await startPoor(app, 3_000);
    const sockets: Socket[] = [];
    for (let at = 0; at < CLIENTS; at++) sockets.push(await halfHead(port, at));
    await askHealth(port);
    expect(sockets.some((socket) => !socket.closed)).toBe(true);
    const closed = sockets.filter((socket) => !socket.closed).map((socket) => once(socket, 'close'));
    await Promise.all(closed);
    await askHealth(port);
  },
);
