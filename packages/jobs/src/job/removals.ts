import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { jobFromName, jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { replyOf } from '../redis/replies.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';

/** `closing`: the job is finished, but its end is still being announced. */
interface RemovalReply {
  readonly result: 'done' | 'refused' | 'closing' | 'gone';
  readonly status: string;
}

/** Removes jobs. Every step can be repeated, and unfinished work is found again. */
export interface Removals {
  /**
   * Takes a finished job out of Redis, so that nobody finds it any more. `leftovers` then names it until its bytes are
   * removed.
   */
  remove(job: JobRef): Promise<RemovalReply>;
  /** Jobs that have expired, the earliest first. */
  expired(most: number): Promise<JobRef[]>;
  /** Keeps a job although it has expired, and looks at it again later. */
  keep(job: JobRef): Promise<void>;
  /** Gives up uploads whose process has been silent for an hour: they become `leftovers`. */
  giveUp(most: number): Promise<void>;
  /** Jobs that are gone, and abandoned uploads, that may have bytes in storage. */
  leftovers(most: number): Promise<JobRef[]>;
  /**
   * Notes that the bytes of a job are removed. `again`: `leftovers` will name the job once more, because an answer may
   * have been on its way. After that it is `forgotten`, or `buried` if its last snapshot is kept for what the job cost.
   */
  cleared(job: JobRef): Promise<'again' | 'buried' | 'forgotten'>;
  /** Jobs whose last snapshot is of no more use. */
  outlived(most: number): Promise<JobRef[]>;
  unbury(job: JobRef): Promise<void>;
}

/** A living process reports every minute while it takes in a list. */
const SILENT_MS = 3_600_000;
const LOOK_AGAIN_MS = 3_600_000;
/** No request takes longer, and no running process keeps an answer in memory for longer. */
const LATE_ANSWERS_MS = 3_600_000;

const remove = script<{ job: string }>()(
  'job/remove',
  replyOf({ result: z.enum(['done', 'refused', 'closing', 'gone']), status: z.string() }),
);

const giveUp = script<{ silent_ms: number; most: number }>()('job/give_up', z.number());

export function createRemovals({ redis, keys, run }: Access): Removals {
  const due = async (key: string, most: number) =>
    (await redis.zrangebyscore(key, '-inf', await redisNow(redis), 'LIMIT', 0, most)).map(jobFromName);
  return {
    remove: (job) => run(remove, { job: jobName(job) }),
    expired: (most) => due(keys.expiring, most),
    async keep(job) {
      await redis.zadd(keys.expiring, 'XX', (await redisNow(redis)) + LOOK_AGAIN_MS, jobName(job));
    },
    async giveUp(most) {
      await run(giveUp, { silent_ms: SILENT_MS, most });
    },
    leftovers: async (most) => [...(await due(keys.removed, most)), ...(await due(keys.swept, most))],
    async cleared(job) {
      const name = jobName(job);
      const now = await redisNow(redis);
      if ((await redis.zscore(keys.removed, name)) !== null) {
        await redis
          .multi()
          .zadd(keys.swept, now + LATE_ANSWERS_MS, name)
          .zrem(keys.removed, name)
          .exec();
        return 'again';
      }
      const hasCost = (await redis.hkeys(keys.jobUsage(job))).some((field) => field !== 'removed_at');
      if (hasCost) await redis.zadd(keys.buried, now + CONSTANTS.USAGE_KEPT_MS, name);
      await redis
        .multi()
        .del(keys.jobUsage(job))
        .hdel(keys.snapshots, name)
        .zrem(keys.unkept, name)
        .zrem(keys.swept, name)
        .exec();
      return hasCost ? 'buried' : 'forgotten';
    },
    outlived: (most) => due(keys.buried, most),
    async unbury(job) {
      await redis.zrem(keys.buried, jobName(job));
    },
  };
}
