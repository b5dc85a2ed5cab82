import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { environment } from './env.js';

const MAIN = fileURLToPath(new URL('../apps/api/dist/main.js', import.meta.url));
const LIST = Array.from({ length: 20_000 }, (_, at) => `site-${at}.com\n`).join('');

interface Api {
  readonly process: ChildProcess;
  readonly port: number;
}

let folder: string;
let prefix: string;
const running: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  prefix = `e2e-${randomBytes(6).toString('hex')}`;
});

afterEach(async () => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** One API process of several over the same Redis and storage. */
async function startApi(): Promise<Api> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: environment.PATH,
      PORT: '0',
      REDIS_URL: environment.TEST_REDIS_URL,
      REDIS_PREFIX: prefix,
      STORAGE_URL: pathToFileURL(folder).href,
      UPSTREAM_URL: 'http://127.0.0.1:1',
    },
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const said: { msg?: string; port?: number } = JSON.parse(line);
    if (said.msg === 'listening' && said.port !== undefined) return { process: child, port: said.port };
  }
  throw new Error('the API ended before it listened');
}

function submit({ port }: Api, body = LIST): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/jobs?endpoint=bulk_backlinks`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'idempotency-key': 'once' },
    body,
  });
}

it('a key whose process was killed half-way is free again soon, and makes one job', async () => {
  const [first, second] = [await startApi(), await startApi()];
  const half = connect(first.port, '127.0.0.1').on('error', () => undefined);
  const head = ['POST /v1/jobs?endpoint=bulk_backlinks HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: text/plain'];
  half.write([...head, 'Idempotency-Key: once', `Content-Length: ${LIST.length}`, '', ''].join('\r\n'));
  half.write(LIST.slice(0, LIST.length / 2));
  // These are answered after the first request has begun, so that it holds the key.
  for (let asked = 0; asked < 5; asked++) await (await fetch(`http://127.0.0.1:${first.port}/readyz`)).text();
  await expect.poll(async () => (await submit(second, 'x')).status).toBe(409);
  const busy = await submit(second);
  expect(Number(busy.headers.get('retry-after'))).toBeLessThanOrEqual(10);
  expect(await busy.json()).toMatchObject({ type: 'urn:linkhaul:problem:idempotency_key_busy' });

  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await expect.poll(async () => (await submit(second)).status, { interval: 500 }).toBe(202);
  const again = await submit(second);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await submit(second, 'site-1.com\n')).status).toBe(422);
  const jobs = await fetch(`http://127.0.0.1:${second.port}/v1/jobs`);
  expect(await jobs.json()).toMatchObject({ jobs: [{ rows: { total: 20_000 } }], next_cursor: null });
  half.destroy();
});
