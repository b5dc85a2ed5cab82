import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { accessTo, createPermits, type JobRecord, openJobs, type Permits, type Settlement } from '../../src/index.js';
import { acceptJob, type Overrides } from '../accept-job.js';
import { newPrefix, openRedis } from '../redis.js';

/** Wide enough to bind no test. Some scripts go through all slots in one step, so that a larger number would block Redis. */
export const WIDE = { maxPerMinute: 1_000_000_000, maxInFlight: 2000, leaseMs: 3_600_000 };

export const RESERVE = 1_000_000_007;

/** What the worker `one`, which sends unless a test says otherwise, says of its own attempts. */
export const DOUBT = { lookUpAfterMs: 0, by: 'one' };

/** When a test's attempts were sent, as far as that matters. */
export const SENT_AT = Date.UTC(2026, 0, 31, 23, 59, 59);

/** What a call asks for that may cost so much. */
export function moneyOf(reserve: number) {
  return { mostItems: 1, leastItems: 1, prices: { call: 0, item: reserve }, tenantDaily: null };
}

/** A Redis with nothing in it, as far as these keys go, and what stands on it. */
export async function openSpace() {
  const redis = await openRedis();
  const subscriber = await openRedis();
  const space = spaceOn({ redis, subscriber, prefix: newPrefix(redis) });
  await space.permitsOf('first').firstBoot();
  return space;
}

export function spaceOn({ redis, subscriber, prefix }: { redis: Redis; subscriber: Redis; prefix: string }) {
  subscriber.setMaxListeners(0);
  redis.setMaxListeners(0);
  const access = accessTo(redis, prefix);
  const jobs = openJobs(access);
  const wide = new Map<string, Permits>();
  /** One worker's permits, without limits that bind. */
  const permitsOf = (worker: string): Permits => {
    const permits =
      wide.get(worker) ?? createPermits({ ...access, ...jobs, subscriber, account: 'acme', worker, limits: WIDE });
    wide.set(worker, permits);
    return permits;
  };
  return { ...access, ...jobs, subscriber, permitsOf };
}

export type Space = ReturnType<typeof spaceOn>;

/** A job of a number of calls with the same number of rows each, planned and running. */
export async function planJob(
  space: Space,
  { calls, rows = 10 }: { calls: number; rows?: number },
  overrides: Overrides = {},
): Promise<JobRef> {
  const job = await acceptJob(space, { valid: calls * rows }, overrides);
  await space.jobSteps.act(job, { action: 'plan', by: 'system' });
  await space.jobSteps.planned(job, { roots: calls, callsPerPart: 1000, manual: false });
  return job;
}

export async function recordOf({ store }: Space, job: JobRef): Promise<JobRecord> {
  const record = await store.get(job);
  if (record === null) throw new Error(`there is no job ${job.id}`);
  return record;
}

export async function countsOf(space: Space, job: JobRef) {
  return (await recordOf(space, job)).counts;
}

export function settlement(overrides: Partial<Settlement> = {}): Settlement {
  return {
    verdict: 'stored',
    ok: 0,
    empty: 0,
    failed: 0,
    failedCode: 'missing_in_answer',
    items: 0,
    cost: 0,
    sentAt: SENT_AT,
    followers: [],
    simulated: false,
    keepUnconfirmed: false,
    ...overrides,
  };
}

export const never: AbortSignal = new AbortController().signal;
