import { paths, readRows } from '@linkhaul/storage';
import { describe, expect, it } from 'vitest';
import { removeExpired } from '../../src/upkeep/retention.js';
import { openTestWatch, type TestWatch, WATCH } from './test-watch.js';

const DAY_MS = 86_400_000;

/** What the worker has counted, by its one label. */
function counted({ worker }: TestWatch, metric: string): Record<string, number> {
  const family = worker.services.metrics.families().find(({ name }) => name === metric);
  return Object.fromEntries(family?.samples.map(({ labels = {}, value }) => [Object.values(labels)[0], value]) ?? []);
}

async function totalsOf({ worker }: TestWatch) {
  return (await worker.services.totals.read('upstream.test')).watches;
}

describe('a tick that is due', () => {
  it('makes one job of the list under the tag of the watch, however many workers see it', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com', 'b.com']);
    await watch.round();
    expect(await watch.jobs()).toEqual([]);
    const tick = await watch.makeDue(0);
    await Promise.all(Array.from({ length: 5 }, () => watch.round()));
    const job = await watch.openJob();
    expect(await watch.jobs()).toEqual([job.id]);
    const { services } = watch.worker;
    const record = await services.store.get(job);
    expect(record).toMatchObject({ status: 'queued', description: { tag: 'ours', watch: 'weekly' } });
    expect(record?.counts).toMatchObject({ total: 2, pending: 2 });
    expect((await readRows(services.storage, job, 0)).map(({ target }) => target)).toEqual(['a.com', 'b.com']);
    expect(await services.queues.has('plan', job)).toBe(true);
    // The one that came late has not announced an upload that is given up later.
    expect(await watch.worker.redis.zcard(watch.worker.keys.uploads)).toBe(0);

    await watch.complete(job);
    await Promise.all(Array.from({ length: 5 }, () => watch.round()));
    expect(await watch.runs()).toEqual([
      expect.objectContaining({ at: tick, by: 'schedule', job: job.id, status: 'completed', cost: 7 }),
    ]);
    expect(await watch.get()).toMatchObject({ open: null, good: job.id });
    expect(await watch.jobs()).toEqual([job.id]);
  });

  it('and was missed, with others after it, runs once, late', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com'], { createdAt: Date.now() - 100 * DAY_MS });
    await watch.makeDue(30 * DAY_MS);
    await watch.round();
    await watch.complete(await watch.openJob());
    for (let rounds = 0; rounds < 3; rounds++) await watch.round();
    expect(await watch.jobs()).toHaveLength(1);
    const { nextAt } = await watch.get();
    expect(nextAt).toBeGreaterThan(Date.now());
    expect(nextAt).toBeLessThanOrEqual(Date.now() + 7 * DAY_MS);
    expect(counted(watch, 'linkhaul_watch_ticks_total')).toEqual({ opened: 0, late: 1, skipped: 0 });
    expect(counted(watch, 'linkhaul_watch_runs_total')).toMatchObject({ complete: 1, removed: 0 });
  });

  it('while a run is not finished is skipped, and says beside which', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    await watch.round();
    const first = await watch.openJob();
    const second = await watch.makeDue(0);
    await watch.round();
    expect(await watch.jobs()).toEqual([first.id]);
    expect(await watch.runs()).toEqual([{ at: second, by: 'schedule', skipped: 'unfinished', beside: first.id }]);
    expect(await watch.worker.services.watches.begin(WATCH)).toEqual({ result: 'unfinished', job: first.id });
  });

  it('is skipped a second time in a row: then the watch is behind, until it runs again', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    for (let ticks = 0; ticks < 3; ticks++) {
      await watch.makeDue(0);
      await watch.round();
      expect(await totalsOf(watch)).toMatchObject({ openRuns: 1, behind: ticks < 2 ? 0 : 1 });
    }
    await watch.complete(await watch.openJob());
    await watch.round();
    await watch.makeDue(5_000);
    const due = await totalsOf(watch);
    expect(due).toMatchObject({ openRuns: 0, behind: 1 });
    expect(due.overdueMs).toBeGreaterThanOrEqual(5_000);
    await watch.round();
    expect(await totalsOf(watch)).toMatchObject({ openRuns: 1, behind: 0, overdueMs: 0 });
    expect(counted(watch, 'linkhaul_watch_ticks_total')).toEqual({ opened: 2, late: 0, skipped: 2 });
  });

  it('is skipped too while an earlier run is run again', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    await watch.round();
    const job = await watch.openJob();
    const { jobSteps, store } = watch.worker.services;
    await jobSteps.act(job, { action: 'cancel', by: 'me' });
    await jobSteps.finish(job);
    await store.retire(job);
    await watch.round();
    expect(await watch.get()).toMatchObject({ open: null, good: null });
    const choice = { statuses: ['skipped'], codes: null, retryableOnly: false, buy: false } as const;
    expect(await jobSteps.retry(job, { by: 'me', choice })).toMatchObject({ result: 'done' });
    await watch.makeDue(0);
    await watch.round();
    expect(await watch.jobs()).toEqual([job.id]);
    expect((await watch.runs())[0]).toMatchObject({ skipped: 'unfinished', beside: job.id });
  });
});

describe('a run that a crash or a loss interrupted', () => {
  it('has the same job when it is made again, and storage is asked before its calls are sent', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    await watch.round();
    const job = await watch.openJob();
    const { redis, keys } = watch.worker;
    // Redis has lost its last second: the job, and that the run has it.
    await redis.unlink(...(await redis.keys(`${keys.job(job)}*`)));
    await redis.zrem(keys.jobs(job.tenant), job.id);
    await redis.hdel(keys.watchState(WATCH.tenant, WATCH.name), 'job');
    await watch.round();
    expect(await watch.openJob()).toEqual(job);
    expect(await watch.jobs()).toEqual([job.id]);
    expect(await redis.hget(keys.job(job), 'epoch')).toBe('none');
  });

  it('takes the job that came back from its snapshot', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    await watch.round();
    const job = await watch.openJob();
    const { redis, keys, services } = watch.worker;
    await services.jobSteps.act(job, { action: 'pause', by: 'recover', reason: 'recovered' });
    await redis.hdel(keys.watchState(WATCH.tenant, WATCH.name), 'job');
    await watch.round();
    expect(await watch.openJob()).toEqual(job);
    expect(await services.store.get(job)).toMatchObject({ status: 'paused', reason: 'recovered' });
  });
});

describe('a watch that is changed', () => {
  it('runs what it is by then, and its old list is removed', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    const old = (await watch.get()).doc.list.id;
    await watch.makeDue(0);
    const { services } = watch.worker;
    await services.watches.tick(await watch.get());
    await watch.put(['x.com', 'y.com']);
    await watch.round();
    const job = await watch.openJob();
    expect((await readRows(services.storage, job, 0)).map(({ target }) => target)).toEqual(['x.com', 'y.com']);
    await removeExpired(services);
    expect(await services.storage.list(paths.job({ tenant: WATCH.tenant, id: old }))).toEqual([]);
    expect(await services.storage.list(paths.job(job))).not.toEqual([]);
  });

  it('is not changed by two requests that have read the same version', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    const { doc } = await watch.get();
    const change = { ...WATCH, doc, version: 1, list: null, installation: null };
    const { watches } = watch.worker.services;
    expect(await Promise.all([watches.put(change), watches.put(change)])).toEqual(['done', 'changed']);
  });
});

describe('a watch that is deleted stops at once', () => {
  it('the job of its run is cancelled in the same step', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    await watch.round();
    const job = await watch.openJob();
    const { services, redis, keys } = watch.worker;
    expect(await services.watches.remove(WATCH, 'me')).toEqual({ result: 'done', job: job.id, last: true });
    expect(await services.store.get(job)).toMatchObject({ status: 'cancelled', counts: { skipped: 1, pending: 0 } });
    await watch.round();
    expect(await services.watches.get(WATCH)).toBe(null);
    expect(await redis.keys(`${keys.root}:watch*`)).toEqual([]);
  });

  it('a run that is about to begin makes no job', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    const { services } = watch.worker;
    const before = await watch.get();
    await services.watches.tick(before);
    const opened = await watch.get();
    await services.watches.remove(WATCH, 'me');
    // A worker that has read the watch just before that.
    const { startRun } = await import('../../src/watch/start-run.js');
    if (opened.open === null) throw new Error('no run is open');
    await startRun(opened, opened.open, { ...services, upstream: { host: 'upstream.test' } });
    expect(await watch.jobs()).toEqual([]);
    expect(await services.watches.open()).toEqual([]);
  });

  it('another one under its name is not taken for it', async () => {
    const watch = await openTestWatch();
    await watch.put(['a.com']);
    await watch.makeDue(0);
    const { services } = watch.worker;
    await services.watches.tick(await watch.get());
    await services.watches.remove(WATCH, 'me');
    await watch.put(['b.com']);
    await watch.round();
    expect(await watch.jobs()).toEqual([]);
    expect(await watch.get()).toMatchObject({ version: 1, open: null });
  });
});

it('a paused watch has no ticks; resumed, it does not make up for what it missed', async () => {
  const watch = await openTestWatch();
  await watch.put(['a.com']);
  const { watches } = watch.worker.services;
  expect(await watches.steer(await watch.get(), 'paused')).toBe('done');
  expect(await watch.get()).toMatchObject({ status: 'paused', nextAt: null });
  await watch.put(['b.com']);
  expect(await watch.get()).toMatchObject({ status: 'paused', nextAt: null });
  await watch.round();
  expect(await watches.steer(await watch.get(), 'active')).toBe('done');
  expect((await watch.get()).nextAt).toBeGreaterThan(Date.now());
  await watch.round();
  expect(await watch.jobs()).toEqual([]);
});
