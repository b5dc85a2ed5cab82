import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { bitmap } from '../redis/bitmap.js';
import { earlierAttempts } from './attempt-fates.js';

/** The number before the first call of each run after the first, in order. */
export const runBases = z
  .string()
  .nullable()
  .transform((text) => (text === null || text === '' ? [] : text.split(',').map(Number)));

const replies = z
  .tuple([
    bitmap,
    bitmap,
    z.record(z.string(), z.string()),
    z.array(z.coerce.number()),
    z.record(z.string(), z.string()),
    z.array(z.string()),
    z.tuple([z.coerce.number(), runBases]),
  ])
  .transform(([stored, failed, attempts, live, fates, lost, [next, bases]]) => ({
    stored,
    failed,
    attempts,
    live: new Set(live),
    earlier: earlierAttempts(fates, lost),
    next,
    bases,
  }));

/** What the ledger knows of all calls of a job, at one moment. */
export type CallSnapshot = z.infer<typeof replies>;

export async function readSnapshot(
  { redis, keys }: Pick<Access, 'redis' | 'keys'>,
  job: JobRef,
): Promise<CallSnapshot> {
  // All in one transaction: a call that settles between two reads would be missing from both.
  const found = await redis
    .multi()
    .getBuffer(keys.stored(job))
    .getBuffer(keys.failed(job))
    .hgetall(keys.attempts(job))
    .smembers(keys.live(job))
    .hgetall(keys.fates(job))
    .hkeys(keys.lost(job))
    .hmget(keys.job(job), 'next', 'bases')
    .exec();
  return replies.parse(found?.map(([, reply]) => reply));
}
