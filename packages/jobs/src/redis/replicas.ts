import type { RedisSettings } from '@linkhaul/storage';
import type { Keys } from '../keys.js';
import { connectClient } from './connection.js';
import { RedisTrouble } from './health.js';

/** Shorter than the time limit of a command, so that Redis answers before the command times out. */
const WITHIN_MS = 800;

/** Tells whether the last writes outlive Redis: whether a replica, which may take its place, has them. */
export interface Replicas {
  /**
   * Resolves once a replica has everything that was written before, and at once if Redis is a single server. Rejects
   * with a `RedisTrouble` if no replica says so in time: the writes were made, but a fail-over may lose them.
   */
  reached(): Promise<void>;
  close(): void;
}

/** On a connection of its own, which waits for replicas without holding up other commands. */
export function connectReplicas(settings: RedisSettings, keys: Keys): Replicas {
  if (settings.address.kind === 'server') return { reached: async () => undefined, close: () => undefined };
  const redis = connectClient(settings);
  return {
    async reached() {
      // WAIT asks for the writes of its own connection. A replica that has this write has all before it.
      const [, waited] = (await redis.pipeline().incr(keys.reached).wait(1, WITHIN_MS).exec()) ?? [];
      const [error, count] = waited ?? [];
      if (error) throw error;
      if (count === 0)
        throw new RedisTrouble(redis, `no replica has the last writes after ${WITHIN_MS} ms`, { away: true });
    },
    close: () => redis.disconnect(),
  };
}
