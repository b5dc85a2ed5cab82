import type { JobRef } from '@linkhaul/storage';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';

/**
 * Lists that are being received: their stored parts belong to no job yet. An upload whose process was silent for an
 * hour is given up, and can no longer be accepted: see `Removals.giveUp`.
 */
export interface Uploads {
  /** Called before the first byte is stored. */
  begin(job: JobRef): Promise<void>;
  /** Called every few minutes until the upload is accepted or ended. */
  keep(job: JobRef): Promise<void>;
  /** The upload was refused, and nothing of it is left in storage. */
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
