import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { replyOf } from '../redis/replies.js';
import { script } from '../scripts.js';

/** What a tenant has left of the present minute. */
export interface RequestShare {
  readonly perMinute: number;
  /** After this request. Negative if it is one too many. */
  readonly left: number;
  readonly nextMinuteMs: number;
}

/** How many requests a tenant may make in a minute of the clock, over all API processes. */
export interface RequestLimits {
  /** Counts a request. Null if the tenant has no limit. */
  take(tenant: string): Promise<RequestShare | null>;
  /** Null if the tenant has no limit. */
  of(tenant: string): Promise<number | null>;
  /** Null removes the limit. */
  set(tenant: string, perMinute: number | null): Promise<void>;
}

/** Stored beside the tenant's budget. tenant/take_request.lua reads it. */
const FIELD = 'requests_per_minute';

const takeRequest = script<{ tenant: string }>()(
  'tenant/take_request',
  replyOf({
    per_minute: z.number().optional(),
    left: z.number().default(0),
    next_minute_ms: z.number().default(0),
  }),
);

export function createRequestLimits({ redis, keys, run }: Access): RequestLimits {
  return {
    async take(tenant) {
      const { per_minute: perMinute, left, next_minute_ms: nextMinuteMs } = await run(takeRequest, { tenant });
      return perMinute === undefined ? null : { perMinute, left, nextMinuteMs };
    },
    async of(tenant) {
      const known = await redis.hget(keys.tenant(tenant), FIELD);
      return known === null ? null : Number(known);
    },
    async set(tenant, perMinute) {
      if (perMinute === null) await redis.hdel(keys.tenant(tenant), FIELD);
      else await redis.hset(keys.tenant(tenant), { [FIELD]: perMinute });
    },
  };
}
