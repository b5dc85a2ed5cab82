import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.js';
import { script } from '../scripts.js';

/**
 * Workers report every second. In the explanation why a job waits, a worker that has been silent for this long counts as
 * dead.
 */
const SILENT_MS = 3_500;

/** Reports that a worker is alive and, if it takes calls, how many at once. Answers how many workers take calls. */
export const beatScript = script<{ worker: string; places: number | null }>()('permit/beat', z.number());

/** The workers that take calls, of all accounts. */
export interface LiveWorkers {
  readonly live: number;
  /** How many calls all of them take at once. */
  readonly places: number;
  /** When any worker last reported, in ms on Redis' clock. Null if none ever did. */
  readonly seenAt: number | null;
  readonly each: readonly { readonly name: string; readonly places: number }[];
}

export async function readWorkers(redis: Redis, keys: Keys, now: number): Promise<LiveWorkers> {
  const [living, [, seenAt], placesOf] = await Promise.all([
    redis.zrangebyscore(keys.workers, now - SILENT_MS, '+inf'),
    redis.zrevrange(keys.workers, 0, 0, 'WITHSCORES'),
    redis.hgetall(keys.workerPlaces),
  ]);
  const each = living.flatMap((name) => {
    const places = placesOf[name];
    return places === undefined ? [] : [{ name, places: Number(places) }];
  });
  return {
    live: each.length,
    places: each.reduce((sum, { places }) => sum + places, 0),
    seenAt: seenAt === undefined ? null : Number(seenAt),
    each,
  };
}
