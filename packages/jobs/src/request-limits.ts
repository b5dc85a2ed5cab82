import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from './keys.js';
import type { RunScript } from './scripts.js';

/** A tenant's share of the minute that now is. */
export interface RequestShare {
  readonly perMinute: number;
  /** After this request; negative where it is one too many. */
  readonly left: number;
  readonly nextMinuteMs: number;
}

/** How many requests a tenant may make in a minute of the clock, over all API processes. */
export interface RequestLimits {
  /** Counts a request; null where the tenant has no limit. */
  take(tenant: string): Promise<RequestShare | null>;
  /** Null takes the limit away. */
  set(tenant: string, perMinute: number | null): Promise<void>;
}

const taken = z.tuple([z.number(), z.number(), z.number()]);

export function createRequestLimits(redis: Redis, keys: Keys, run: RunScript): RequestLimits {
  return {
    async take(tenant) {
      const [perMinute, left, nextMinuteMs] = taken.parse(await run('take_request', tenant));
      return perMinute === 0 ? null : { perMinute, left, nextMinuteMs };
    },
    async set(tenant, perMinute) {
      if (perMinute === null) await redis.hdel(keys.tenant(tenant), 'requests_per_minute');
      else await redis.hset(keys.tenant(tenant), { requests_per_minute: perMinute });
    },
  };
}
