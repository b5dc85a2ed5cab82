import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import {
  type AcceptedCounts,
  accessTo,
  createPermits,
  type JobBounds,
  type JobDescription,
  type JobRecord,
  newJobId,
  openJobs,
  type Permits,
  type Settlement,
} from '../../src/index.js';
import { newPrefix, openRedis } from '../redis.js';

/** Wide enough to bind nothing. */
export const WIDE = { maxPerMinute: 1_000_000_000, maxInFlight: 100_000, leaseMs: 3_600_000 };

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
  const wide = new Map<string, Permits>();
  /** One worker's permits, without limits that bind. */
  const permitsOf = (worker: string): Permits => {
    const permits = wide.get(worker) ?? createPermits({ ...access, subscriber, account: 'acme', worker, limits: WIDE });
    wide.set(worker, permits);
    return permits;
  };
  return { ...access, ...openJobs(access), subscriber, permitsOf };
}

export type Space = ReturnType<typeof spaceOn>;

export function describeJob(overrides: Partial<JobDescription> = {}): JobDescription {
  return {
    id: newJobId(Date.now()),
    tenant: 'tenant',
    tag: 'weekly',
    endpoint: 'bulk_backlinks',
    params: {},
    metadata: {},
    max_items_per_target: 1000,
    on_budget: 'pause',
    on_invalid: 'skip',
    on_overlap: 'allow',
    retention_days: 30,
    start: 'auto',
    target_as: 'given',
    keep_www: false,
    createdAt: Date.now(),
    upstreamHost: 'localhost',
    webhook: null,
    rowParts: 1,
    invalidParts: 0,
    ...overrides,
  };
}

/** What a test says of a job that differs from the usual one. */
export type Overrides = Partial<JobDescription> & { readonly bounds?: Partial<JobBounds> };

export async function acceptJob(
  { store, uploads }: Space,
  counts: Partial<AcceptedCounts> = {},
  { bounds, ...overrides }: Overrides = {},
): Promise<JobRef> {
  const description = describeJob(overrides);
  await uploads.begin({ tenant: description.tenant, id: description.id });
  await store.accept({
    description,
    by: description.tenant,
    counts: { valid: 0, invalid: 0, duplicates: 0, estimatedNanos: 0, ...counts },
    bounds: { maxCost: null, deadline: null, ...bounds },
  });
  return { tenant: description.tenant, id: description.id };
}

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
