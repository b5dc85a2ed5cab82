import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { bitmap } from '../redis/bitmap.js';
import { scanHash } from '../redis/scan-hash.js';
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
    z.array(z.coerce.number()),
    z.record(z.string(), z.string()),
    z.array(z.string()),
    z.tuple([z.coerce.number(), runBases]),
  ])
  .transform(([stored, failed, live, fates, lost, [next, bases]]) => ({
    stored,
    failed,
    live: new Set(live),
    earlier: earlierAttempts(fates, lost),
    next,
    bases,
  }));

/** What the ledger knows of all calls of a job, at one moment. */
export type CallSnapshot = z.infer<typeof replies> & {
  /** By the call's number, where that is not the first. */
  readonly attempts: ReadonlyMap<string, string>;
};

export async function readSnapshot(
  { redis, keys }: Pick<Access, 'redis' | 'keys'>,
  job: JobRef,
): Promise<CallSnapshot> {
  // All in one transaction: a call that settles between two reads would be missing from both.
  const found = await redis
    .multi()
    .getBuffer(keys.stored(job))
    .getBuffer(keys.failed(job))
    .smembers(keys.live(job))
    .hgetall(keys.fates(job))
    .hkeys(keys.lost(job))
    .hmget(keys.job(job), 'next', 'bases')
    .exec();
  const read = replies.parse(found?.map(([, reply]) => reply));
  // Afterwards, because what it has of a settled call does not change.
  return { ...read, attempts: await scanHash(redis, keys.attempts(job)) };
}
