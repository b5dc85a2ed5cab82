import type { JobRef, PlannedTarget } from '@linkhaul/storage';
import { expect, it } from 'vitest';
import { type HeldCall, openHoldingUpstream } from '../holding-upstream.js';
import { runWorker } from '../run-worker.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const OTHERS = 12;
/** Enough time for other calls of the process to arrive, if they may. */
const ROUND_TRIPS = 100;

function targetOf(name: string): PlannedTarget {
  return { target: name, kind: 'domain', rows: [{ line: 1, input: '', id: null }] };
}

/** A job of one call, whose worker has died three times while it waited for the answer. */
async function planDeadly({ plan, send, services: { ledger } }: TestWorker): Promise<JobRef> {
  const job = await plan([[targetOf('deadly.com')]]);
  for (let death = 0; death < 3; death++) {
    const [sent] = await send(job);
    if (sent === undefined) throw new Error('the call is not to be sent');
    await ledger.markUnknown(sent, { by: 'another', lookUpAfterMs: 0 });
    await ledger.resolve(sent, { kind: 'not_executed', cost: 0 }, 'deaths');
  }
  return job;
}

it('runs a call alone in its process if three workers have died with it, and others before and after it', async () => {
  const testWorker = await openTestWorker();
  const { plan, redis, services } = testWorker;
  const jobs = [await planDeadly(testWorker)];
  jobs.push(await plan(Array.from({ length: OTHERS }, (_, at) => [targetOf(`d${at}.com`)])));
  const upstream = await openHoldingUpstream();
  await runWorker(testWorker, upstream.url);
  const seen: HeldCall[] = [];
  while (seen.length < OTHERS + 1) {
    const call = await upstream.first();
    for (let trip = 0; trip < ROUND_TRIPS; trip++) await redis.ping();
    if (call.target === 'deadly.com') expect(upstream.held.map(({ target }) => target)).toEqual(['deadly.com']);
    upstream.held.splice(upstream.held.indexOf(call), 1);
    seen.push(call);
    call.answer();
  }
  expect(seen.find(({ target }) => target === 'deadly.com')?.beside).toEqual([]);
  // Other calls do run side by side; otherwise this test would prove nothing.
  expect(seen.some(({ beside }) => beside.length > 1)).toBe(true);
  for (const job of jobs) {
    await expect.poll(async () => (await services.store.get(job))?.counts.open).toBe(0);
  }
});
