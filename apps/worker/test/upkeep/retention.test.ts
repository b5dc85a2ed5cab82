import { newJobId } from '@linkhaul/jobs';
import { paths, writeRows } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import { removeExpired } from '../../src/upkeep/retention.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const DAYS = 86_400_000;

/** A closed job of one row, which is ok or not. */
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
  await services.jobSteps.finish(job);
  await services.store.retire(job);
  return job;
}

const left = async ({ services }: TestWorker, jobs: readonly { tenant: string; id: string }[]) =>
  (await Promise.all(jobs.map((job) => services.store.get(job)))).map((record) => record !== null);

/** Runs a round of the retention stage, `days` later. */
async function after(days: number, { services, redis, keys }: TestWorker): Promise<void> {
  for (const name of await redis.zrangebyscore(keys.expiring, '-inf', '+inf')) {
    const at = Number(await redis.zscore(keys.expiring, name));
    await redis.zadd(keys.expiring, String(at - days * DAYS), name);
  }
  await removeExpired(services);
}

test('an expired job is removed with its bytes; the last two good jobs of its tag stay', async () => {
  const testWorker = await openTestWorker();
  const jobs = [];
  for (const ok of [true, true, true, false, false, false]) jobs.push(await finished(testWorker, { ok }));
  const [first] = jobs;
  if (first === undefined) throw new Error('no job');
  await after(29, testWorker);
  expect(await left(testWorker, jobs)).toEqual([true, true, true, true, true, true]);
  expect(await testWorker.services.storage.list(paths.job(first))).not.toEqual([]);
  const at = { job: first, run: 1, damaged: 0, version: 1, name: 'ndjson', extension: 'ndjson.gz' };
  await testWorker.services.storage.create(paths.resultFile(at, 0), Buffer.from('x'));
  await after(2, testWorker);
  expect(await left(testWorker, jobs)).toEqual([false, true, true, false, true, true]);
  expect(await testWorker.services.storage.list(paths.job(first))).toEqual([]);
  expect(await testWorker.services.storage.list(paths.results(first))).toEqual([]);
  // Jobs that are kept do not hold up others.
  expect(await testWorker.services.removals.expired(10)).toEqual([]);
});

test('an expired job without a tag is removed: it belongs to no series', async () => {
  const testWorker = await openTestWorker();
  const job = await finished(testWorker, { ok: true, tagged: false });
  await after(31, testWorker);
  expect(await left(testWorker, [job])).toEqual([false]);
});

test('an upload is removed after its process was silent for an hour; other uploads and jobs stay', async () => {
  const testWorker = await openTestWorker();
  const { services, redis, keys } = testWorker;
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
  const accepted = await finished(testWorker, { ok: true });
  await removeExpired(services);
  const there = (job: { tenant: string; id: string }) => storage.list(paths.job(job));
  expect(await there(silent)).toEqual([]);
  for (const job of [kept, fresh, accepted]) expect(await there(job)).not.toEqual([]);
  // Later writes do not bring it back.
  await uploads.keep(silent);
  expect(await redis.zrange(keys.uploads, '0', '-1')).toEqual([fresh, kept].map(({ id }) => `tenant/${id}`));
  expect(await services.removals.leftovers(10)).toEqual([]);
  expect(await redis.zrange(keys.swept, '0', '-1')).toEqual([`tenant/${silent.id}`]);
});

test('a job whose bytes cannot be removed is tried again', async () => {
  const testWorker = await openTestWorker();
  const job = await finished(testWorker, { ok: true });
  await testWorker.services.removals.remove(job);
  const { storage } = testWorker.services;
  await expect(storage.list(paths.job(job))).resolves.not.toEqual([]);
  const broken = { ...storage, remove: () => Promise.reject(new Error('the disk is away')) };
  await removeExpired({ ...testWorker.services, storage: broken });
  expect(await testWorker.services.removals.leftovers(10)).toEqual([job]);
  await removeExpired(testWorker.services);
  expect(await storage.list(paths.job(job))).toEqual([]);
});
