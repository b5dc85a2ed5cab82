import type { Redis } from 'ioredis';
import type { Keys } from '../keys.js';

/** A worker that has not been heard of for this long has no places. */
export const PLACES_MS = 10_000;
/** Workers say once a second that they live: who has been silent for so long does not, as far as jobs are told why they wait. */
const SILENT_MS = 3_500;

/** The workers that take calls, of all accounts. */
export interface LiveWorkers {
  readonly live: number;
  /** Calls that they take at once, all together. */
  readonly places: number;
  /** When any worker was heard of last, ms on Redis' clock; null where none ever was. */
  readonly seenAt: number | null;
}

export async function readWorkers(redis: Redis, keys: Keys, now: number): Promise<LiveWorkers> {
  const [members, seenAt] = await Promise.all([
    redis.zrangebyscore(keys.workers, now + PLACES_MS - SILENT_MS, '+inf'),
    redis.get(keys.workersSeen),
  ]);
  return {
    live: members.length,
    places: members.reduce((sum, member) => sum + Number(/:(\d+)$/.exec(member)?.[1] ?? 0), 0),
    seenAt: seenAt === null ? null : Number(seenAt),
  };
}
