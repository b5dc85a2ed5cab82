import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openThrowawayRedis, type Stack, startStack } from '@linkhaul/stack';
import { Redis } from 'ioredis';
import { table } from '../figures.js';

type Say = (line: string) => void;

const [ROWS, JOBS] = [100, 20];
const ENDPOINT = 'bulk_ranks';

interface Kept {
  readonly redis: number;
  readonly keys: number;
  readonly storage: number;
  readonly files: number;
}

interface World {
  readonly stack: Stack;
  readonly redis: Redis;
  readonly folder: string;
}

/** Measures what a task in the vendor's form takes in Redis and in storage until it is removed, and rows and jobs beside it. */
export async function benchTasks(env: NodeJS.ProcessEnv, say: Say): Promise<Record<string, Kept>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-bench-'));
  const server = await openThrowawayRedis({ env, mayInstall: true, say });
  const settings = { BACKLINKS_DOMAINS: '800', BACKLINKS_LINKS: '30000' };
  const stack = await startStack({
    dataDir,
    workers: 1,
    backlinks: true,
    env: { PATH: env.PATH, REDIS_URL: server.url, ...settings },
  });
  const redis = new Redis(server.url);
  try {
    const figures = await measureAll({ stack, redis, folder: join(dataDir, 'storage') });
    const lines = Object.entries(figures).map(([name, { redis: bytes, keys, storage, files }]) => [
      name,
      bytes.toFixed(0),
      keys.toFixed(2),
      storage.toFixed(0),
      files.toFixed(2),
    ]);
    for (const line of table([['', 'bytes of Redis', 'keys', 'bytes of storage', 'files'], ...lines])) say(line);
    return figures;
  } finally {
    redis.disconnect();
    await stack.stop();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(world: World): Promise<Record<string, Kept>> {
  const { client } = world.stack;
  const one = async (targets: string[]) => {
    const { id } = await client.submit({ endpoint: ENDPOINT, tag: 'bench' }, targets);
    await client.waitFor(id);
  };
  const lists = await each(world, ROWS, one);
  const standard = await each(world, ROWS, (targets) => post(world, 'task_post', targets));
  return {
    [`a row of a list of ${ROWS}`]: lists,
    [`a Standard task, of ${ROWS} in one POST`]: standard,
    'a job of one row': await each(world, 1, one),
    'a live task': await each(world, 1, (targets) => post(world, 'live', targets)),
  };
}

/** Sends a task for each target. */
async function post({ stack }: World, kind: 'live' | 'task_post', targets: readonly string[]): Promise<void> {
  const response = await fetch(`${stack.apiUrl}/v3/backlinks/${ENDPOINT}/${kind}`, {
    method: 'POST',
    body: JSON.stringify(targets.map((target) => ({ targets: [target] }))),
  });
  await response.text();
}

/** What jobs of some rows take, by row, once they are finished and their snapshots are stored. */
async function each(world: World, rows: number, make: (targets: string[]) => Promise<void>): Promise<Kept> {
  const known = new Set(await jobsOf(world));
  for (let job = 0; job < JOBS; job++) {
    await make(Array.from({ length: rows }, (_, at) => `site-${known.size}-${job}-${at}.com`));
  }
  while (!(await isAllKept(world))) await sleep(200);
  const made = (await jobsOf(world)).filter((id) => !known.has(id));
  const kept = await Promise.all(made.map((id) => keptOf(world, id)));
  const share = (of: keyof Kept) => kept.reduce((sum, one) => sum + one[of], 0) / (JOBS * rows);
  return { redis: share('redis'), keys: share('keys'), storage: share('storage'), files: share('files') };
}

/** Whether all jobs are closed, and all snapshots are stored. */
async function isAllKept({ redis }: World): Promise<boolean> {
  const [active, unkept, keeping] = await Promise.all([
    redis.scard('linkhaul:active'),
    redis.zcard('linkhaul:unkept'),
    redis.zcard('linkhaul:keeping'),
  ]);
  return active + unkept + keeping === 0;
}

function jobsOf({ redis }: World): Promise<string[]> {
  return redis.zrange('linkhaul:jobs:local', '0', '-1');
}

async function keptOf({ redis, folder }: World, id: string): Promise<Kept> {
  const keys = await redis.keys(`linkhaul:job:local/${id}*`);
  const used = await Promise.all(keys.map((key) => redis.memory('USAGE', key)));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.parentPath.includes(id));
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return { redis: sum(used.map(Number)), keys: keys.length, storage: sum(sizes), files: files.length };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
