import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtApp, redisBinary, startRedisServer } from '@linkhaul/stack';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { environment } from './env.js';
import { answered, collect, domains, nanos, SHORT_LEASES, startWorld, WHILE_POLLING, type World } from './harness.js';

const run = promisify(execFile);

const FIELDS = { endpoint: 'bulk_backlinks' as const };
/** Lists of several pages: each page but the last is followed by another call. */
const PAGED = { endpoint: 'referring_domains' as const, max_items_per_target: 3000 };
/** Most of its calls are still to be sent when Redis loses everything. */
const LARGE = 30_000;
/** Long enough that calls are in flight whenever the test looks. */
const SLOW = { latency_ms: 300 };

/** Services over their own Redis, which can lose all its data at once. */
async function startLosing(env: Record<string, string> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-recover-'));
  const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  const redis = await startRedisServer({ binary, dir });
  const world = await startWorld({
    workers: 2,
    env: { REDIS_URL: redis.url, UPSTREAM_MAX_IN_FLIGHT: '4', ...SHORT_LEASES, ...env },
  });
  onTestFinished(async () => {
    await world.stop();
    await redis.child.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return { world, loseEverything: () => command(redis.port, 'FLUSHALL') };
}

/** Sends one command, and resolves with the first line of Redis' answer. */
function command(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${text}\r\n`));
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString('utf8').trim());
    });
  });
}

function linkhaul({ apiUrl }: World, ...args: string[]) {
  return run(process.execPath, [builtApp('cli'), ...args], {
    env: { PATH: environment.PATH, LINKHAUL_URL: apiUrl },
  });
}

async function get({ apiUrl }: World, path: string, init?: RequestInit) {
  const answer = await fetch(`${apiUrl}${path}`, init);
  return { status: answer.status, body: await answer.text() };
}

const answer = z.object({
  tasks: z.tuple([
    z.looseObject({
      id: z.string(),
      status_code: z.number(),
      result: z.array(z.looseObject({ id: z.string().optional() })).nullable(),
    }),
  ]),
});

/** A request in the vendor's form. */
async function task(world: World, path: string, posted?: Record<string, unknown>) {
  const init = posted && { method: 'POST', body: JSON.stringify([posted]) };
  return answer.parse(JSON.parse((await get(world, `/v3/backlinks/bulk_ranks/${path}`, init)).body)).tasks[0];
}

async function tasksReady(world: World): Promise<unknown[]> {
  return ((await task(world, 'tasks_ready')).result ?? []).map(({ id }) => id);
}

/** Leaves a withdrawn live task, a task whose result was collected, and one whose result was not. */
async function leaveTasks(world: World) {
  await world.client.setTenant('local', { budget_usd: 0 });
  const refused = await task(world, 'live', { targets: ['example.com'], tag: 'withdrawn' });
  expect(refused.status_code).toBe(40210);
  await world.client.setTenant('local', { budget_usd: null });
  const { id } = await task(world, 'task_post', { targets: ['example.com'], tag: 'taken' });
  const { id: waiting } = await task(world, 'task_post', { targets: ['example.org'] });
  await expect.poll(() => tasksReady(world), WHILE_POLLING).toEqual([id, waiting]);
  const [job] = (await world.client.jobs({ tag: 'taken' })).jobs;
  const folder = join(world.storageDir, 'snapshots', 'jobs', 'local', job?.id ?? '');
  const taken = await task(world, `task_get/${id}`);
  const takenAt = Date.now();
  const lastSnapshotAt = async () => Math.max(...(await readdir(folder)).map((name) => Number.parseInt(name, 10)));
  await expect.poll(lastSnapshotAt, WHILE_POLLING).toBeGreaterThanOrEqual(takenAt);
  return { waiting, taken };
}

/** How often each call of a job was sent, by its number, and the cost of all. */
async function sentFor({ record }: World, id: string) {
  const { requests } = await record();
  const calls = requests.filter(({ tag }) => tag?.startsWith(`${id}.`));
  const times = new Map<string, number>();
  for (const { tag } of calls) {
    const call = tag?.split('.')[1] ?? '';
    times.set(call, (times.get(call) ?? 0) + 1);
  }
  return { times, spent: calls.reduce((sum, { cost_usd: cost }) => sum + nanos(cost), 0) };
}

it('after the total loss of Redis everything is back, what was running goes on, and nothing is bought twice', async () => {
  const { world, loseEverything } = await startLosing();
  const { client } = world;
  const list = domains(3000);
  const submitted = { ...FIELDS, tag: 'weekly', metadata: { team: 'seo' } };
  const first = await client.submit(submitted, list, { idempotencyKey: 'monday' });
  await client.waitFor(first.id);
  const gone = await client.submit({ ...FIELDS, tag: 'old' }, domains(10));
  await client.waitFor(gone.id);
  await client.remove(gone.id);
  const { id: manual } = await client.submit({ ...FIELDS, start: 'manual' }, domains(10));
  const cancelled = await client.submit({ ...FIELDS, start: 'manual' }, domains(10));
  await client.cancel(cancelled.id);
  await client.waitFor(cancelled.id);
  const tasks = await leaveTasks(world);
  await client.setTenant('local', { budget_usd: 250, period: 'month', weight: 2 });
  const key = await client.createKey({ name: 'kept', scope: 'read' });
  const revoked = await client.createKey({ name: 'revoked', scope: 'read' });
  await client.revokeKey(revoked.id);
  await client.setDefaultWebhook({ url: 'http://127.0.0.1:1/hook', events: ['job.failed'] });
  const secret = await client.rotateWebhookSecret();
  const schedule = { cron: '0 6 * * 1', time_zone: 'Europe/Berlin' };
  const watch = { schedule, endpoint: 'bulk_backlinks', budget: { usd: 5, period: 'month' } } as const;
  await client.setWatch('kept', watch, domains(100));
  await client.setWatch('deleted', watch, domains(100));
  await client.removeWatch('deleted');
  await client.runWatch('kept');
  await expect.poll(async () => (await client.watchRuns('kept')).runs).toHaveLength(1);
  const kept = await client.watch('kept');

  const [before, rows, usage] = await Promise.all([
    client.job(first.id),
    collect(client.rows(first.id)),
    client.usage({ groupBy: ['tag'] }),
  ]);
  await world.settings(SLOW);
  const running = await client.submit(FIELDS, domains(LARGE));
  await world.arrived(running.id, 6);
  await loseEverything();
  await expect
    .poll(() => get(world, '/readyz'))
    .toMatchObject({
      status: 503,
      body: expect.stringContaining('linkhaul recover'),
    });
  await expect.poll(() => get(world, `/v1/jobs/${first.id}`)).toMatchObject({ status: 503 });
  await expect(linkhaul(world, 'storage', 'adopt')).rejects.toMatchObject({
    stderr: expect.stringContaining('linkhaul recover'),
  });

  const { stdout } = await linkhaul(world, 'recover');
  expect(stdout).toContain('8 jobs');
  await expect.poll(() => get(world, '/readyz')).toMatchObject({ status: 200 });

  const after = await client.job(first.id);
  expect(after).toEqual(before);
  expect(await collect(client.rows(first.id))).toEqual(rows);
  expect(await client.job(manual)).toMatchObject({ status: 'paused' });
  expect(await client.job(cancelled.id)).toMatchObject({ status: 'cancelled', rows: { skipped: 10 } });
  expect((await client.jobs({ tag: 'withdrawn' })).jobs).toMatchObject([
    { status: 'cancelled', rows: { skipped: 1 }, cost: { spent_usd: 0 } },
  ]);
  expect(await tasksReady(world)).toEqual([tasks.waiting]);
  expect(await task(world, `task_get/${tasks.taken.id}`)).toEqual(tasks.taken);
  await expect(client.job(gone.id)).rejects.toMatchObject({ status: 404 });
  expect((await client.tag('weekly')).jobs.map(({ id }) => id)).toEqual([first.id]);
  expect(await client.tenant('local')).toMatchObject({ budget_usd: 250, period: 'month', weight: 2 });
  expect((await get(world, '/v1/jobs', bearer(key.key))).status).toBe(200);
  expect((await get(world, '/v1/jobs', bearer(revoked.key))).status).toBe(401);
  expect(await client.webhookSecret()).toBe(secret);
  // The watch is back with its schedule, its list, its runs and its spending.
  await expect.poll(() => client.watch('kept')).toEqual(kept);
  expect(kept.budget?.committed_usd).toBeGreaterThan(0);
  await expect(client.watch('deleted')).rejects.toMatchObject({ status: 404 });
  expect(await client.defaultWebhook()).toMatchObject({ url: 'http://127.0.0.1:1/hook' });
  const weekly = ({ usage: all }: typeof usage) => all.filter(({ tag }) => tag === 'weekly');
  expect(weekly(await client.usage({ groupBy: ['tag'] }))).toEqual(weekly(usage));
  const again = await client.submit(submitted, list, { idempotencyKey: 'monday' });
  expect(again.id).toBe(first.id);

  const paused = await client.job(running.id);
  expect(paused).toMatchObject({ status: 'paused', reason: 'recovered' });
  expect(paused.rows.ok + paused.rows.empty).toBeGreaterThan(0);
  await world.settings({ latency_ms: 0 });
  await client.resume(running.id);
  const done = await client.waitFor(running.id);
  expect(done).toMatchObject({ status: 'completed', rows: { total: LARGE, pending: 0, failed: 0 } });
  const { times, spent } = await sentFor(world, running.id);
  expect([...times].filter(([, sent]) => sent > 1)).toEqual([]);
  await expect.poll(async () => nanos((await client.job(running.id)).cost.spent_usd)).toBe(spent);

  await expect(linkhaul(world, 'recover')).rejects.toMatchObject({
    stderr: expect.stringContaining('nothing is lost, and nothing was changed'),
  });
});

function bearer(key: string): RequestInit {
  return { headers: { authorization: `Bearer ${key}` } };
}

/** How far the recovery has come, as the API shows it. */
async function recoveryOf(world: World): Promise<{ state: string; done: number }> {
  return JSON.parse((await get(world, '/v1/recover')).body);
}

it('a recovery whose worker is killed is ended by another one; workers that died with Redis cost what was in flight', async () => {
  const { world, loseEverything } = await startLosing();
  const { client } = world;
  const small = await Promise.all(
    Array.from({ length: 20 }, (_, at) => client.submit({ ...FIELDS, tag: `small-${at}` }, domains(20))),
  );
  await Promise.all(small.map(({ id }) => client.waitFor(id)));
  await world.settings({ ...SLOW, latency_ms: 100 });
  const pages = await client.submit(PAGED, domains(30));
  await world.arrived(pages.id, 20);
  await loseEverything();
  await Promise.all(world.workers.map((worker) => worker.child.kill()));
  const stored = new Set(await answered(world, pages.id));
  const ids = [...small.map(({ id }) => id), pages.id];

  const [first] = [await world.startWorker()];
  const recovering = linkhaul(world, 'recover', '--go');
  await expect.poll(() => recoveryOf(world)).toMatchObject({ state: expect.stringMatching(/running|done/) });
  await first.child.kill();
  await world.startWorker();
  await recovering;

  expect((await client.jobs({ limit: 100 })).jobs.map(({ id }) => id).sort()).toEqual(ids.sort());
  const done = await client.waitFor(pages.id);
  expect(done).toMatchObject({ status: 'completed', outcome: 'complete', rows: { total: 30, pending: 0 } });
  for (const id of ids) {
    const { times, spent } = await sentFor(world, id);
    expect([...times].filter(([, sent]) => sent > 2)).toEqual([]);
    // How many answers were being stored at that moment depends on the disk.
    const again = [...times].filter(([, sent]) => sent === 2);
    expect(again.filter(([call]) => id !== pages.id || stored.has(call))).toEqual([]);
    await expect.poll(async () => nanos((await client.job(id)).cost.spent_usd)).toBe(spent);
  }
  const { usage } = await client.usage({ groupBy: ['month'] });
  const { totals } = await world.record();
  expect(usage.reduce((sum, { spent_usd: spent }) => sum + nanos(Number(spent)), 0)).toBe(nanos(totals.cost_usd));
});
