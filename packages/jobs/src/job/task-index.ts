import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';

/** ms since the epoch, ends included. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Finds the jobs that answer tasks in the vendor's form. */
export interface TaskIndex {
  /** The ids of jobs posted in this range: the oldest first, or the newest. */
  postedWithin(tenant: string, range: TimeRange, order: 'oldest' | 'newest'): Promise<string[]>;
  /** The ids of jobs with tasks that were neither fetched nor posted back, the oldest first. */
  uncollected(tenant: string, since: number): Promise<string[]>;
  /** The numbers of the job's tasks that were fetched or posted back. */
  collected(job: JobRef): Promise<ReadonlySet<number>>;
  /** Notes that a task of the job was fetched or posted back. `count`: how many tasks the job has. */
  collect(job: JobRef, task: { number: number; count: number }): Promise<void>;
}

const numbers = z.array(z.coerce.number()).transform((all) => new Set(all));

export function createTaskIndex({ redis, keys }: Access): TaskIndex {
  return {
    async postedWithin(tenant, { from, to }, order) {
      // An id begins with its time, so that the order of names is the order of posting.
      const ends = [`[job_${timeText(from)}`, `(job_${timeText(to + 1)}`] as const;
      if (order === 'oldest') return redis.zrangebylex(keys.taskJobs(tenant), ...ends);
      return redis.zrevrangebylex(keys.taskJobs(tenant), ends[1], ends[0]);
    },
    uncollected: (tenant, since) => redis.zrangebyscore(keys.uncollected(tenant), since, '+inf'),
    collected: async (job) => numbers.parse(await redis.smembers(keys.collected(job))),
    async collect(job, { number, count }) {
      const isNew = (await redis.sadd(keys.collected(job), number)) === 1;
      // The job's next snapshot must have it too.
      if (isNew) await redis.zadd(keys.unkept, 'NX', await redisNow(redis), jobName(job));
      if ((await redis.scard(keys.collected(job))) >= count) await redis.zrem(keys.uncollected(job.tenant), job.id);
    },
  };
}

function timeText(ms: number): string {
  return Math.max(0, Math.floor(ms)).toString(36).padStart(9, '0');
}
