import { StorageAway } from '../away.js';
import type { RedisSettings } from './redis-address.js';
import { TimelyRedis } from './redis-in-time.js';

const ANSWER_WITHIN_MS = 5_000;

/** A connection to Redis that is made when it is first used. */
export interface RedisConnection {
  readonly redis: TimelyRedis;
  /** Every step goes through here: if Redis refuses it, storage is away. */
  serving<T>(step: () => Promise<T>): Promise<T>;
}

export function connectToRedis(settings: RedisSettings): RedisConnection {
  const redis = new TimelyRedis(settings, ANSWER_WITHIN_MS, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    lazyConnect: true,
  });
  // Without a listener ioredis prints errors to the console. A failed command reports its error itself.
  redis.on('error', () => undefined);
  // Commands before the first connection wait for it. Later ones fail at once while there is no connection.
  let connected: Promise<void> | null = null;
  const ready = () => {
    if (redis.status === 'wait') connected = redis.connect();
    return redis.status === 'connecting' || redis.status === 'connect' ? connected : undefined;
  };
  return {
    redis,
    async serving(step) {
      try {
        await ready();
        return await step();
      } catch (error) {
        throw new StorageAway(`storage does not serve: ${saidBy(error)}`, { cause: error });
      }
    },
  };
}

function saidBy(error: unknown): string {
  // If a transaction was discarded, its commands have the reason.
  if (error instanceof Error && 'previousErrors' in error && Array.isArray(error.previousErrors)) {
    const [first = error.message]: unknown[] = error.previousErrors;
    return saidBy(first);
  }
  return error instanceof Error ? error.message : String(error);
}
