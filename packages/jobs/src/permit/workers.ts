import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.js';
import { script } from '../scripts.js';

/** Workers say once a second that they live: who has been silent for so long does not, as far as jobs are told why they wait. */
const SILENT_MS = 3_500;

/** A worker says that it lives and, where it takes calls, how many at once. Answers how many workers take calls. */
export const beatScript = script<{ worker: string; places: number | null }>()('permit/beat', z.number());

/** The workers that take calls, of all accounts. */
export interface LiveWorkers {
  readonly live: number;
  /** Calls that they take at once, all together. */
  readonly places: number;
  /** When any worker was heard of last, ms on Redis' clock; null where none ever was. */
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
