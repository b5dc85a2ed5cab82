import type { JobRef } from '@linkhaul/storage';
import { jobFromName, jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';

/** A job of which rows were decided; `at`: when the last of them were, in us. */
interface HooksOfJob {
  readonly job: JobRef;
  readonly at: string;
}

/** Jobs whose Standard tasks may be ready, and ask to be told. The scripts that decide rows note them. */
export interface HooksDue {
  /** A few of them, the oldest first. */
  list(): Promise<HooksOfJob[]>;
  /** Its tasks were told of: takes the job out, unless rows of it were decided since. */
  told(due: HooksOfJob): Promise<void>;
  /** Moves a job that failed behind the others. */
  goLast(due: HooksOfJob): Promise<void>;
}

const LISTED_AT_ONCE = 100;

export function createHooksDue({ redis, keys }: Access): HooksDue {
  return {
    async list() {
      const found = await redis.zrange(keys.hooksDue, '0', String(LISTED_AT_ONCE - 1), 'WITHSCORES');
      const names = found.filter((_, at) => at % 2 === 0);
      return names.map((name, at) => ({ job: jobFromName(name), at: found[2 * at + 1] ?? '' }));
    },
    async told({ at }) {
      // No two scripts run in the same microsecond.
      await redis.zremrangebyscore(keys.hooksDue, at, at);
    },
    async goLast({ job }) {
      await redis.zadd(keys.hooksDue, 'XX', (await redisNow(redis)) * 1000, jobName(job));
    },
  };
}
