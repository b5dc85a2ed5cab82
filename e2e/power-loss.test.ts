import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisBinary, type Stack, startRedisServer } from '@linkhaul/stack';
import { it, vi } from 'vitest';
import { environment, isThorough } from './env.js';
import { answered, collect, domains, nanos, SHORT_LEASES, WHILE_POLLING } from './harness.js';
import { openInstallation } from './kept-installation.js';
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.js';

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

/** The services over that Redis, and their upstream. */
interface World {
  readonly upstream: RecordingUpstream;
  readonly stack: Stack;
  readonly storageDir: string;
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

/** Few calls in flight. */
const SETTINGS = { ...SHORT_LEASES, UPSTREAM_MAX_IN_FLIGHT: '4' };
const LATENCY_MS = 100;
/** Jobs of thirty calls are still running when power is lost. */
const SLOW_MS = 300;
const LARGE = 30_000;

const BULK = { fields: { endpoint: 'bulk_backlinks' as const }, targets: domains(24_000) };
/** More items than a page holds: a call is followed by another. */
const LIST = {
  fields: { endpoint: 'referring_domains' as const, max_items_per_target: 2000 },
  targets: domains(24),
};

const CASES: readonly Case[] = [{ what: 'a list job, its workers dead as well', ...LIST, workersDie: true }];
/** With each run, the large jobs of the last test go through this with their worker alive. */
const OTHER_CASES: readonly Case[] = [
  { what: 'a bulk job, its workers alive', ...BULK, workersDie: false },
  { what: 'a list job, its workers alive', ...LIST, workersDie: false },
  { what: 'a bulk job, its workers dead as well', ...BULK, workersDie: true },
];

/** Services over a Redis of their own that can lose power. */
async function openWorld({ workers, latencyMs = LATENCY_MS }: { workers: number; latencyMs?: number }) {
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-power-'));
  const redis = await startMortalRedis(dir);
  const upstream = await startRecordingUpstream(
    (response, answer) => void setTimeout(() => response.end(JSON.stringify(answer)), latencyMs),
    { itemsATarget: 1500 },
  );
  const installation = await openInstallation(upstream.url);
  const close = async () => {
    await installation.close();
    upstream.close();
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const stack = await installation.start({ workers, env: { REDIS_URL: redis.url, ...SETTINGS } });
  const world: World = { upstream, stack, storageDir: installation.storageDir };
  return { world, redis, upstream, close };
}

/** How often each call was sent, by its number. */
function sendings({ calls }: RecordingUpstream, jobId: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const { task } of calls) {
    const [job, call] = task.tag.split('.');
    if (job === jobId && call !== undefined) times.set(call, (times.get(call) ?? 0) + 1);
  }
  return times;
}

/** Resolves when that number of the job's calls is settled. */
async function settled({ stack }: World, jobId: string, calls: number): Promise<void> {
  const done = async () => (await stack.client.job(jobId)).calls.done;
  await vi.waitUntil(async () => (await done()) >= calls, WHILE_POLLING);
}

async function losePower(world: World, redis: Redis, { id, workersDie }: { id: string; workersDie: boolean }) {
  await settled(world, id, 5);
  // At any byte: what comes last may be half a command.
  const length = (await redis.written()) - 5;
  await settled(world, id, 12);
  await redis.kill();
  if (workersDie) await Promise.all(world.stack.workers.map(({ child }) => child.kill()));
  const stored = await answered(world, id);
  const before = sendings(world.upstream, id);
  await redis.comeBack(length);
  if (workersDie) await world.stack.startWorker();
  return { stored, before };
}

it.concurrent.for(isThorough ? [...CASES, ...OTHER_CASES] : CASES)(
  'a Redis that has lost its last second buys nothing again that is stored, and counts all that was paid: $what',
  async ({ fields, targets, workersDie }, { expect }) => {
    const opened = await openWorld({ workers: 2 });
    const { world, redis, upstream } = opened;
    try {
      const { client } = world.stack;
      const { id } = await client.submit(fields, targets);
      const { stored, before } = await losePower(world, redis, { id, workersDie });

      const job = await client.waitFor(id);
      expect(job).toMatchObject({
        status: 'completed',
        outcome: 'complete',
        rows: { total: targets.length, pending: 0 },
      });
      const lines = (await collect(client.rows(id))).map(({ line }) => line).sort((a, b) => a - b);
      expect(lines).toEqual(targets.map((_, index) => index + 1));

      const after = sendings(upstream, id);
      expect(stored.length).toBeGreaterThan(10);
      expect(stored.filter((call) => after.get(call) !== before.get(call))).toEqual([]);
      // An answer that had come and was not in storage yet is bought a second time: however slow the disk, once only.
      const oftenAgain = [...after].filter(([call, times]) => times - (before.get(call) ?? 0) > 1);
      expect(oftenAgain).toEqual([]);
      // What was in flight when it was lost is counted when the upstream's record was gone through.
      await expect
        .poll(async () => nanos((await client.job(id)).cost.spent_usd))
        .toBe(upstream.calls.reduce((sum, call) => sum + call.nanos, 0));
      const { cost } = await client.job(id);
      expect(cost).toMatchObject({ reserved_usd: 0, unconfirmed_usd: 0 });
    } finally {
      await opened.close();
    }
  },
);

function bearer(key: string): RequestInit {
  return { headers: { authorization: `Bearer ${key}` } };
}

it.concurrent('what was acknowledged in the second that Redis has lost is as it was acknowledged', async ({
  expect,
}) => {
  const opened = await openWorld({ workers: 1, latencyMs: SLOW_MS });
  const { world, redis, upstream } = opened;
  try {
    const { client, apiUrl } = world.stack;
    const submit = (rows: number, more = {}) => client.submit({ ...BULK.fields, ...more }, domains(rows));
    const [waiting, old] = [await submit(10, { start: 'manual' }), await submit(10)];
    const revoked = await client.createKey({ name: 'old', scope: 'read' });
    await client.waitFor(old.id);
    const [paused, running] = [await submit(LARGE), await submit(LARGE)];
    await settled(world, paused.id, 2);
    const length = await redis.written();

    const again = { idempotencyKey: 'once' };
    await client.pause(paused.id);
    const accepted = await client.submit(BULK.fields, domains(20), again);
    await client.cancel(waiting.id);
    await client.remove(old.id);
    await client.revokeKey(revoked.id);
    const made = await client.createKey({ name: 'new', scope: 'read' });
    const done = await client.waitFor(accepted.id);
    await redis.kill();
    const large = await Promise.all(
      [paused, running].map(async ({ id }) => ({
        id,
        stored: await answered(world, id),
        before: sendings(upstream, id),
      })),
    );
    await redis.comeBack(length);

    const status = (id: string) => client.job(id).then((job) => job.status, String);
    await expect.poll(() => status(accepted.id)).toBe('completed');
    // Its end may not have been in storage yet: then it has come to the same end again.
    const { rows, cost } = done;
    expect(await client.job(accepted.id)).toMatchObject({ rows, cost });
    expect((await client.submit(BULK.fields, domains(20), again)).id).toBe(accepted.id);
    expect(await client.job(paused.id)).toMatchObject({ status: 'paused', reason: 'user' });
    expect(await status(waiting.id)).toBe('cancelled');
    await expect(client.job(old.id)).rejects.toMatchObject({ status: 404 });
    const asked = (key: string) => fetch(`${apiUrl}/v1/jobs`, bearer(key)).then((answer) => answer.status);
    expect(await asked(revoked.key)).toBe(401);
    expect(await asked(made.key)).toBe(200);

    await client.resume(paused.id);
    for (const { id, stored, before } of large) {
      expect(await client.waitFor(id)).toMatchObject({ outcome: 'complete', rows: { total: LARGE, pending: 0 } });
      const after = sendings(upstream, id);
      expect(stored.length).toBeGreaterThan(1);
      expect(stored.filter((call) => after.get(call) !== before.get(call))).toEqual([]);
    }
    const spent = upstream.calls.reduce((sum, call) => sum + call.nanos, 0);
    await expect
      .poll(async () => {
        const { usage } = await client.usage({ groupBy: ['month'] });
        return usage.reduce((sum, { spent_usd: usd }) => sum + nanos(Number(usd)), 0);
      })
      .toBe(spent);
  } finally {
    await opened.close();
  }
});
