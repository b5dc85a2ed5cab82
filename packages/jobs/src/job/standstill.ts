import type { Binding } from '@linkhaul/schemas';
import type { Redis } from 'ioredis';
import { jobFromName, type Keys } from '../keys.js';
import { redisNow } from '../redis/time.js';
import type { Bound } from './bound/facts.js';
import type { JobRecord } from './records.js';
import type { JobStore } from './store.js';

/** Jobs that are queued, planning or running and do not move. */
export interface Standstill {
  /** How long the job that has stood still the longest has not moved. 0 if no job is open. */
  readonly longestMs: number;
  /** How many there are, by what holds them back. Counted up to a limit. */
  readonly jobs: ReadonlyMap<Binding, number>;
}

interface Sources {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly store: Pick<JobStore, 'active' | 'get'>;
  /** What keeps a job from going on. Null if it has ended. */
  paceOf(record: JobRecord): Promise<{ readonly bound: Bound | null } | null>;
}

/** A job that has not moved for less than this may just be slow. */
const STILL_MS = 5_000;
/** The most jobs that are read and judged. */
const MOST_JUDGED = 200;
/** A job with one of these statuses should be moving. */
export const MOVING_STATUSES: readonly (string | null)[] = ['queued', 'planning', 'running'];

export async function readStandstill({ redis, keys, store, paceOf }: Sources): Promise<Standstill> {
  const [now, names] = await Promise.all([redisNow(redis), store.active()]);
  const quiet = (await Promise.all(names.map((name) => quietOf(name, now, { redis, keys })))).filter(
    ({ quietMs }) => quietMs >= STILL_MS,
  );
  const jobs = new Map<Binding, number>();
  for (const { name } of quiet.slice(0, MOST_JUDGED)) {
    const record = await store.get(jobFromName(name));
    const bound = record && (await paceOf(record))?.bound;
    if (bound) jobs.set(bound.by, (jobs.get(bound.by) ?? 0) + 1);
  }
  return { longestMs: quiet.reduce((most, { quietMs }) => Math.max(most, quietMs), 0), jobs };
}

async function quietOf(name: string, now: number, { redis, keys }: Pick<Sources, 'redis' | 'keys'>) {
  const [status = null, movedAt] = await redis.hmget(keys.job(jobFromName(name)), 'status', 'moved_at');
  return { name, quietMs: MOVING_STATUSES.includes(status) && movedAt ? now - Number(movedAt) : 0 };
}
