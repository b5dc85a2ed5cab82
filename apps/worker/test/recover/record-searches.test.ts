import { createUpstream } from '@linkhaul/client';
import { claimRecovery, createRestoration } from '@linkhaul/jobs';
import { markAccountKnown } from '@linkhaul/storage';
import { expect, it, onTestFinished } from 'vitest';
import { beginRecordSearches } from '../../src/recover/record-searches.js';
import { sweepRecord } from '../../src/redis-loss/sweep-record.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const ACCOUNT = 'a';
const [EARLIER, LATER] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)];

/** An upstream that keeps no record of calls: a search has ended as soon as it begins. */
const WITHOUT_RECORD = {
  url: 'http://127.0.0.1:1',
  flavour: 'aisa' as const,
  auth: { token: 'key' },
  body: 'array' as const,
  timeoutMs: 1_000,
  maxAnswerBytes: 1_000,
};

/** Redis has lost everything, and the account's jobs are brought back from snapshots of this time. */
async function lose(worker: TestWorker, newest: number): Promise<void> {
  const { redis, keys, services } = worker;
  await redis.unlink(...(await redis.keys(`${keys.root}:*`)));
  await services.recovery.ask({ go: false, by: 'test' });
  const restoration = createRestoration(worker, await claimRecovery(worker, ''));
  await beginRecordSearches(newest, { ...services, restoration });
  await services.permits.markTime();
}

const searchedFrom = async ({ services }: TestWorker) =>
  (await services.aftermath.due(Number.MAX_SAFE_INTEGER))?.from ?? expect.fail();

it('a second loss begins to search where the first one did, unless that search has ended', async () => {
  const worker = await openTestWorker();
  const { services } = worker;
  await markAccountKnown(services.storage, ACCOUNT);
  await lose(worker, EARLIER);
  expect(await searchedFrom(worker)).toBeLessThan(EARLIER);
  await lose(worker, LATER);
  expect(await searchedFrom(worker)).toBeLessThan(EARLIER);

  const upstream = createUpstream(WITHOUT_RECORD);
  onTestFinished(() => upstream.close());
  await sweepRecord({ ...services, upstream, draining: new AbortController().signal });
  await lose(worker, LATER);
  expect(await searchedFrom(worker)).toBeGreaterThan(EARLIER);
});
