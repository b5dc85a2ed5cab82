import type { JobRef } from '@linkhaul/storage';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';

/**
 * Lists that are being taken in: what is stored of them belongs to no job yet. One whose process was not heard of for an
 * hour is given up, and can be accepted no more: see `Removals.giveUp`.
 */
export interface Uploads {
  /** To be said before the first byte is stored. */
  begin(job: JobRef): Promise<void>;
  /** To be said every few minutes until it is accepted or ended. */
  keep(job: JobRef): Promise<void>;
  /** It was refused, and nothing of it is left in storage. */
  end(job: JobRef): Promise<void>;
}

export function createUploads({ redis, keys }: Access): Uploads {
  return {
    async begin(job) {
      await redis.zadd(keys.uploads, await redisNow(redis), jobName(job));
    },
    async keep(job) {
      await redis.zadd(keys.uploads, 'XX', await redisNow(redis), jobName(job));
    },
    async end(job) {
      await redis.zrem(keys.uploads, jobName(job));
    },
  };
}
