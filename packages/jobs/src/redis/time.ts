import type { Redis } from 'ioredis';

/** The time on Redis' clock in ms since the epoch. All workers share this clock; their own may be wrong by minutes. */
export async function redisNow(redis: Redis): Promise<number> {
  const [seconds = 0, microseconds = 0] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
