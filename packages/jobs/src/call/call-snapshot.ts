import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { bitmap } from '../redis/bitmap.js';
import { scanHash } from '../redis/scan-hash.js';
import { earlierAttempts } from './attempt-fates.js';

/** The field `bases` of a job, such as `100,250`: for each run after the first, the number before its first call. */
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
  /** The attempt that settled a call, by the call's number. Calls that their first attempt settled are missing. */
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
  // Read after the transaction: the attempt that settled a call never changes.
  return { ...read, attempts: await scanHash(redis, keys.attempts(job)) };
}
