import { newJobId } from '@linkhaul/jobs';
import { paths, writeRows } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import { removeExpired } from '../../src/upkeep/retention.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const DAYS = 86_400_000;

/** A job that is closed, its one row ok or not. */
async function finished(
  { services, plan, send }: TestWorker,
  { ok, tagged = true }: { ok: boolean; tagged?: boolean },
) {
  const target = { target: 'a.com', kind: 'domain', rows: [{ line: 1, input: 'a.com', id: null }] } as const;
  const id = newJobId(Date.now());
  const job = await plan([[target]], tagged ? { id } : { id, tag: id });
  const [sent] = await send(job);
  if (sent === undefined) throw new Error('nothing was sent');
  await services.ledger.settle(sent, {
    verdict: ok ? 'stored' : 'failed',
    ok: ok ? 1 : 0,
    empty: 0,
    failed: ok ? 0 : 1,
    failedCode: 'upstream_rejected',
    items: ok ? 1 : 0,
    cost: 1,
    sentAt: sent.sentAt,
    followers: [],
    simulated: true,
    keepUnconfirmed: false,
  });
  await services.ledger.finish(job);
  await services.store.retire(job);
  return job;
}

const left = async ({ services }: TestWorker, jobs: readonly { tenant: string; id: string }[]) =>
  (await Promise.all(jobs.map((job) => services.store.get(job)))).map((record) => record !== null);

/** A round of the stage when so many days have passed. */
async function after(days: number, { services, redis, keys }: TestWorker): Promise<void> {
  for (const name of await redis.zrangebyscore(keys.expiring, '-inf', '+inf')) {
    const at = Number(await redis.zscore(keys.expiring, name));
    await redis.zadd(keys.expiring, String(at - days * DAYS), name);
  }
  await removeExpired(services);
}

test('a job goes when its time is over, its bytes too; the last two good runs of its tag stay', async () => {
  const parts = await openTestWorker();
  const jobs = [];
  for (const ok of [true, true, true, false, false, false]) jobs.push(await finished(parts, { ok }));
  const [first] = jobs;
  if (first === undefined) throw new Error('no job');
  await after(29, parts);
  expect(await left(parts, jobs)).toEqual([true, true, true, true, true, true]);
  expect(await parts.services.storage.list(paths.job(first))).not.toEqual([]);
  const at = { job: first, run: 1, damaged: 0, version: 1, name: 'ndjson', extension: 'ndjson.gz' };
  await parts.services.storage.create(paths.resultFile(at, 0), Buffer.from('x'));
  await after(2, parts);
  expect(await left(parts, jobs)).toEqual([false, true, true, false, true, true]);
  expect(await parts.services.storage.list(paths.job(first))).toEqual([]);
  expect(await parts.services.storage.list(paths.results(first))).toEqual([]);
  // Kept ones do not stand in the way of others.
  expect(await parts.services.removals.expired(10)).toEqual([]);
});

test('a job without a tag of its own is no series: it goes', async () => {
  const parts = await openTestWorker();
  const job = await finished(parts, { ok: true, tagged: false });
  await after(31, parts);
  expect(await left(parts, [job])).toEqual([false]);
});

test('an upload whose process was silent for an hour goes; those of processes that live and jobs stay', async () => {
  const parts = await openTestWorker();
  const { services, redis, keys } = parts;
  const { storage, uploads } = services;
  const begun = async (hoursAgo: number) => {
    const job = { tenant: 'tenant', id: newJobId(Date.now()) };
    await uploads.begin(job);
    const at = Number(await redis.zscore(keys.uploads, `tenant/${job.id}`));
    await redis.zadd(keys.uploads, at - hoursAgo * 3_600_000, `tenant/${job.id}`);
    const rows = writeRows(storage, job);
    const row = { line: 1, input: 'a.com', id: null, target: 'a.com', kind: 'domain', duplicateOf: null } as const;
    await rows.valid(row, { domain: -1, alike: 0 });
    await rows.finish();
    return job;
  };
  const [silent, kept, fresh] = [await begun(1.01), await begun(1.01), await begun(0.9)];
  await uploads.keep(kept);
  const accepted = await finished(parts, { ok: true });
  await removeExpired(services);
  const there = (job: { tenant: string; id: string }) => storage.list(paths.job(job));
  expect(await there(silent)).toEqual([]);
  for (const job of [kept, fresh, accepted]) expect(await there(job)).not.toEqual([]);
  // What is said of it later brings it back no more.
  await uploads.keep(silent);
  expect(await redis.zrange(keys.uploads, '0', '-1')).toEqual([fresh, kept].map(({ id }) => `tenant/${id}`));
  expect(await services.removals.leftovers(10)).toEqual([]);
  expect(await redis.zrange(keys.swept, '0', '-1')).toEqual([`tenant/${silent.id}`]);
});

test('a job that the removal of bytes fails for is named again', async () => {
  const parts = await openTestWorker();
  const job = await finished(parts, { ok: true });
  await parts.services.removals.remove(job);
  const { storage } = parts.services;
  await expect(storage.list(paths.job(job))).resolves.not.toEqual([]);
  const broken = { ...storage, remove: () => Promise.reject(new Error('the disk is away')) };
  await removeExpired({ ...parts.services, storage: broken });
  expect(await parts.services.removals.leftovers(10)).toEqual([job]);
  await removeExpired(parts.services);
  expect(await storage.list(paths.job(job))).toEqual([]);
});
