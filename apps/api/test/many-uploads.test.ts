import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { REDIS_URL } from './redis.js';
import { createStarter } from './service.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const LIST = Array.from({ length: 5_000 }, (_, at) => `site-${at}.com\n`).join('');
const PATH = '/v1/jobs?endpoint=bulk_backlinks';

const starter = createStarter();
afterAll(starter.closeAll);

it('fifty lists at once, whole, compressed, refused and cut, leave no listeners behind: Node warns of none', async () => {
  const { services, storageUrl } = await starter.start();
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PORT: '0',
      REDIS_URL,
      REDIS_PREFIX: services.env.redis.prefix,
      STORAGE_URL: storageUrl,
      UPSTREAM_URL: 'http://127.0.0.1:1',
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let warnings = '';
  child.stderr.on('data', (chunk: Buffer) => {
    warnings += chunk.toString();
  });
  const port = await portOf(child.stdout);
  const send = async (path: string, headers: Record<string, string>, body: string | Buffer) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
    await response.text();
  };
  const text = { 'content-type': 'text/plain' };
  const json = JSON.stringify({ endpoint: 'bulk_backlinks', targets: LIST.trim().split('\n') });
  const ways = [
    () => send(PATH, text, LIST),
    () => send(`${PATH}&wait_ms=1000`, { ...text, 'content-encoding': 'gzip' }, gzipSync(LIST)),
    () => send('/v1/jobs', { 'content-type': 'application/json' }, json),
    () => send('/v1/estimates?endpoint=bulk_backlinks', text, LIST),
    () => send('/v1/jobs?endpoint=nothing', text, LIST),
    () => cut(port),
    () => inARow(port),
  ];
  await Promise.allSettled(Array.from({ length: 50 }, (_, at) => ways[at % ways.length]?.()));
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(warnings).toBe('');
});

async function portOf(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const said: { msg?: string; port?: number } = JSON.parse(line);
    if (said.msg === 'listening' && said.port !== undefined) return said.port;
  }
  throw new Error('the API ended before it listened');
}

const headOf = (connection: string) =>
  [
    `POST ${PATH} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: text/plain',
    `Content-Length: ${LIST.length}`,
    `Connection: ${connection}`,
    '\r\n',
  ].join('\r\n');

/** A list whose client goes away half-way. */
async function cut(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const half = headOf('keep-alive') + LIST.slice(0, LIST.length / 2);
  await new Promise<void>((resolve) => socket.write(half, () => resolve()));
  socket.destroy();
}

/** Lists on one connection, sent without waiting for answers. */
async function inARow(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  for (let sent = 0; sent < 11; sent++) socket.write(headOf('keep-alive') + LIST);
  socket.write(headOf('close') + LIST);
  socket.resume();
  await once(socket, 'close');
}
