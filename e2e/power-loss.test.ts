import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examplePath, redisBinary, startRedisServer } from '@linkhaul/stack';
import { it, vi } from 'vitest';
import { environment, isThorough } from './env.js';
import {
  collect,
  domains,
  nanos,
  SOON_DEAD,
  startWorld,
  type UpstreamRecord,
  WHILE_POLLING,
  type World,
} from './harness.js';

/** A Redis whose append-only file can be cut, as a loss of power cuts it that comes before the last second was written. */
async function startMortalRedis(dir: string) {
  const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  let server = await startRedisServer({ binary, dir });
  const folder = join(dir, 'appendonlydir');
  const file = async () => {
    const name = (await readdir(folder)).find((one) => one.endsWith('.incr.aof'));
    if (name === undefined) throw new Error(`no append-only file in ${folder}`);
    return join(folder, name);
  };
  return {
    url: server.url,
    written: async () => (await stat(await file())).size,
    kill: () => server.child.kill(),
    async comeBack(length: number) {
      await truncate(await file(), length);
      server = await startRedisServer({ binary, dir, port: server.port });
    },
    stop: () => server.child.stop(),
  };
}

type Redis = Awaited<ReturnType<typeof startMortalRedis>>;

interface Case {
  readonly what: string;
  readonly fields: {
    readonly endpoint: 'bulk_backlinks' | 'referring_domains';
    readonly max_items_per_target?: number;
  };
  readonly targets: readonly string[];
  readonly workersDie: boolean;
}

/** Few calls in flight; lists that have several pages, which take a busy machine seconds: none may be given up for lost. */
const SETTINGS = { ...SOON_DEAD, UPSTREAM_MAX_IN_FLIGHT: '4', BACKLINKS_DOMAINS: '6000', BACKLINKS_LINKS: '300000' };

const BULK = { fields: { endpoint: 'bulk_backlinks' as const }, targets: domains(24_000) };
/** More items than a page holds: a call is followed by another. */
const LIST = {
  fields: { endpoint: 'referring_domains' as const, max_items_per_target: 2000 },
  targets: readFileSync(examplePath('domains.txt'), 'utf8').split('\n').slice(0, 24),
};

const CASES: readonly Case[] = [
  { what: 'a bulk job, its workers alive', ...BULK, workersDie: false },
  { what: 'a list job, its workers dead as well', ...LIST, workersDie: true },
];
const OTHER_CASES: readonly Case[] = [
  { what: 'a list job, its workers alive', ...LIST, workersDie: false },
  { what: 'a bulk job, its workers dead as well', ...BULK, workersDie: true },
];

/** How often each call was sent, by its number. */
function sendings({ requests }: UpstreamRecord, jobId: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const { tag } of requests) {
    const [job, call] = tag?.split('.') ?? [];
    if (job === jobId && call !== undefined) times.set(call, (times.get(call) ?? 0) + 1);
  }
  return times;
}

/** The calls whose answers are in storage. */
async function answered(world: World): Promise<string[]> {
  const paths = await readdir(world.storageDir, { recursive: true });
  return paths.flatMap((path) => /\/answers\/\d+\/(\d+)\.\d+$/.exec(path)?.[1] ?? []);
}

/** Resolves when that number of the job's calls is settled. */
async function settled(world: World, jobId: string, calls: number): Promise<void> {
  const done = async () => (await world.client.job(jobId)).calls.done;
  await vi.waitUntil(async () => (await done()) >= calls, WHILE_POLLING);
}

async function losePower(world: World, redis: Redis, { id, workersDie }: { id: string; workersDie: boolean }) {
  await settled(world, id, 5);
  // At any byte: what comes last may be half a command.
  const length = (await redis.written()) - 5;
  await settled(world, id, 12);
  await redis.kill();
  if (workersDie) await Promise.all(world.workers.map(({ child }) => child.kill()));
  const stored = await answered(world);
  const before = sendings(await world.record(), id);
  await redis.comeBack(length);
  if (workersDie) await world.startWorker();
  return { stored, before };
}

it.concurrent.for(isThorough ? [...CASES, ...OTHER_CASES] : CASES)(
  'a Redis that has lost its last second buys nothing again that is stored, and counts all that was paid: $what',
  async ({ fields, targets, workersDie }, { expect }) => {
    const dir = await mkdtemp(join(tmpdir(), 'linkhaul-power-'));
    const redis = await startMortalRedis(dir);
    const world = await startWorld({ workers: 2, env: { REDIS_URL: redis.url, ...SETTINGS } });
    try {
      await world.settings({ latency_ms: 100 });
      const { id } = await world.client.submit(fields, targets);
      const { stored, before } = await losePower(world, redis, { id, workersDie });

      const job = await world.client.waitFor(id);
      expect(job).toMatchObject({
        status: 'completed',
        outcome: 'complete',
        rows: { total: targets.length, pending: 0 },
      });
      const lines = (await collect(world.client.rows(id))).map(({ line }) => line).sort((a, b) => a - b);
      expect(lines).toEqual(targets.map((_, index) => index + 1));

      const record = await world.record();
      const after = sendings(record, id);
      expect(stored.length).toBeGreaterThan(10);
      expect(stored.filter((call) => after.get(call) !== before.get(call))).toEqual([]);
      const twice = [...after].filter(([, times]) => times > 1);
      expect(twice.length).toBeLessThanOrEqual(2 * 4);
      // What was in flight when it was lost is counted when the upstream's record was gone through.
      await expect
        .poll(async () => nanos((await world.client.job(id)).cost.spent_usd))
        .toBe(nanos((await world.record()).totals.cost_usd));
      const { cost } = await world.client.job(id);
      expect(cost).toMatchObject({ reserved_usd: 0, unconfirmed_usd: 0 });
    } finally {
      await world.stop();
      await redis.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
);
