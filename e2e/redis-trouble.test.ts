import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { builtApp, type RedisServer, redisBinary, startRedisServer } from '@linkhaul/stack';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { environment, isThorough } from './env.js';

const PASSWORD = 's3cret-of-redis';

const line = z.looseObject({
  level: z.string(),
  msg: z.string(),
  port: z.number().optional(),
  err: z.looseObject({ script: z.string().optional() }).optional(),
});
type Line = z.output<typeof line>;

let folder: string;
let binary: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function redisWith(settings: Record<string, string> = {}, port?: number): Promise<RedisServer> {
  const dir = await mkdtemp(join(folder, 'redis-'));
  const server = await startRedisServer({ binary, dir, settings, ...(port === undefined ? {} : { port }) });
  onTestFinished(() => server.child.kill());
  return server;
}

/** A port on which nothing listens, until a test starts a Redis there. */
async function portOfNobody(): Promise<number> {
  const server = await redisWith();
  await server.child.kill();
  return server.port;
}

interface Running {
  readonly lines: readonly Line[];
  /** Resolves with the first line that contains these words. */
  says(words: string): Promise<Line>;
  /** Resolves with the first line that matches. */
  logs(like: (line: Line) => boolean): Promise<Line>;
}

function run(app: 'api' | 'worker', redisUrl: string): Running {
  const child = spawn(process.execPath, [builtApp(app)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: environment.PATH,
      PORT: '0',
      REDIS_URL: redisUrl,
      // Each Redis has its own storage: a storage that belongs to another Redis would not be served.
      STORAGE_URL: pathToFileURL(join(folder, `storage-${new URL(redisUrl).port}`)).href,
      UPSTREAM_URL: 'http://127.0.0.1:1',
      UPSTREAM_LOGIN: 'l',
      UPSTREAM_PASSWORD: 'p',
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  const reader = createInterface(child.stdout).on('line', (text) => lines.push(line.parse(JSON.parse(text))));
  const logs = (like: (line: Line) => boolean): Promise<Line> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = lines.find(like);
        if (found !== undefined) resolve(found);
      };
      reader.on('line', look).once('close', () => reject(new Error(`ended, and said: ${JSON.stringify(lines)}`)));
      look();
    });
  return { lines, logs, says: (words) => logs(({ msg }) => msg.includes(words)) };
}

const APPS = ['api', 'worker'] as const;

const readiness = z.object({ checks: z.object({ redis: z.string(), storage: z.string() }) });

async function ready(port: number | undefined): Promise<{ status: number; redis: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: response.status, redis: readiness.parse(await response.json()).checks.redis };
}

describe.each(APPS)('%s', (app) => {
  it('says where a Redis that is away should be and why it is not to be had, and starts when it is there', async () => {
    const port = await portOfNobody();
    const process = run(app, `redis://127.0.0.1:${port}`);
    const words = `Redis at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`;
    expect(await process.says(words)).toMatchObject({ level: 'error' });
    // The API listens at once; a worker serves its health.
    const { port: served } = app === 'api' ? await process.says('listening') : await process.says(words);
    expect((await fetch(`http://127.0.0.1:${served}/healthz`)).status).toBe(200);
    await expect.poll(() => ready(served)).toEqual({ status: 503, redis: words });
    await redisWith({}, port);
    await process.says('listening');
    await expect.poll(() => ready(served)).toEqual({ status: 200, redis: 'ok' });
  });

  it("says Redis' own words to a wrong password, and never a password", async () => {
    const { port } = await redisWith({ requirepass: 'another' });
    const process = run(app, `redis://user:${PASSWORD}@127.0.0.1:${port}`);
    const words = `Redis at 127.0.0.1:${port}: WRONGPASS`;
    const { port: served } = app === 'api' ? await process.says('listening') : await process.says(words);
    await process.says(words);
    await expect.poll(() => ready(served)).toEqual({ status: 503, redis: expect.stringContaining(words) });
    expect(JSON.stringify([process.lines, await ready(served)])).not.toContain(PASSWORD);
  });
});

interface Unusable {
  readonly title: string;
  readonly settings: Record<string, string>;
  readonly words: string;
}

const UNUSABLE: readonly Unusable[] = [
  { title: 'a node of a cluster', settings: { 'cluster-enabled': 'yes' }, words: 'cluster_enabled:1' },
  {
    title: 'a replica',
    settings: { replicaof: '127.0.0.1 1' },
    words: "READONLY You can't write against a read only replica",
  },
  { title: 'one that evicts', settings: { 'maxmemory-policy': 'allkeys-lru' }, words: 'maxmemory_policy:allkeys-lru' },
  { title: 'one that asks for a password', settings: { requirepass: 'another' }, words: 'NOAUTH' },
  { title: 'one without room', settings: { maxmemory: '100kb' }, words: 'OOM command not allowed' },
];

/** Each of them meets one of the apps, and with `test:all` both. */
const MET = UNUSABLE.flatMap((redis, at) =>
  APPS.filter((_, app) => isThorough || app === at % APPS.length).map((app) => ({ ...redis, app })),
);

it.each(MET)('$title is named by the $app at start and by its readiness', async ({ settings, words, app }) => {
  const { port, url } = await redisWith(settings);
  const process = run(app, url);
  const said = await process.says(words);
  expect(said.msg).toContain(`Redis at 127.0.0.1:${port}: `);
  // The API says where it listens, a worker where it serves its health.
  const served = app === 'api' ? await process.says('listening') : said;
  await expect.poll(() => ready(served.port)).toEqual({ status: 503, redis: expect.stringContaining(words) });
});

it('a script that Redis refuses is logged by its name, with the words of Redis and without its source', async () => {
  const { url, port } = await redisWith();
  const worker = run('worker', url);
  await worker.says('listening');
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  // Redis has no room, and does not know the script by its digest.
  socket.write('CONFIG SET maxmemory 100kb\r\nSCRIPT FLUSH\r\n');
  const { err } = await worker.logs((line) => line.err?.script !== undefined);
  expect(err).toMatchObject({ message: expect.stringContaining('OOM'), script: expect.stringMatching(/^[a-z_]+$/) });
  expect(JSON.stringify(worker.lines)).not.toContain('redis.call');
});

it('nine tenths of its memory in use make Redis one without room, which is named until there is some again', async () => {
  const { url, port } = await redisWith({ maxmemory: '58mb' });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('SETRANGE filler 50000000 x\r\n');
  await once(socket, 'data');
  const processes = [run('api', url), run('worker', url)];
  const served = await Promise.all(processes.map((process) => process.says('listening')));
  const readiness = () => Promise.all(served.map((line) => ready(line.port)));
  const full = { status: 503, redis: expect.stringMatching(/^Redis at [\d.:]+: \d+ % of its maxmemory is used/) };
  await expect.poll(readiness).toEqual([full, full]);
  socket.write('UNLINK filler\r\n');
  const well = { status: 200, redis: 'ok' };
  await expect.poll(readiness).toEqual([well, well]);
});
