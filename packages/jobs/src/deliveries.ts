import { randomBytes } from 'node:crypto';
import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from './keys.js';

/** One webhook event on its way to one address. The id is the event's, the same at every attempt. */
export interface Delivery {
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly body: string;
  readonly attempts: number;
  /** Delivered, or given up. */
  readonly done: boolean;
}

const stored = z.object({
  state: z.enum(['pending', 'delivered', 'failed']),
  tenant: z.string(),
  url: z.string(),
  allow_private: z.enum(['0', '1']),
  body: z.string(),
  attempts: z.coerce.number().default(0),
});

export interface Deliveries {
  /** Records a delivery before anything is sent; a second time with the same id changes nothing. */
  record(delivery: Omit<Delivery, 'attempts' | 'done'>): Promise<void>;
  get(id: string): Promise<Delivery | null>;
  /** An attempt is over: done with, or due again at a time (ms since the epoch). */
  attempted(
    id: string,
    outcome: { state: 'delivered' | 'failed' } | { state: 'pending'; dueAt: number },
  ): Promise<void>;
  /** Ids of deliveries that are due by a time and not done. */
  due(before: number): Promise<string[]>;
  /** The tenant's own signing secret, made at the first need and kept. */
  secretOf(tenant: string): Promise<string>;
}

/** An event's id: the same for the same transition, however often its step is repeated. */
export function eventId(job: JobRef, transition: string): string {
  return `evt_${job.id.slice('job_'.length)}_${transition}`;
}

export function createDeliveries(redis: Redis, keys: Keys): Deliveries {
  return {
    async record({ id, tenant, url, allowPrivate, body }) {
      if ((await redis.hexists(keys.delivery(id), 'body')) === 1) return;
      await redis
        .multi()
        .hset(keys.delivery(id), { state: 'pending', tenant, url, allow_private: allowPrivate ? '1' : '0', body })
        .zadd(keys.pendingDeliveries, Date.now(), id)
        .exec();
    },
    async get(id) {
      const parsed = stored.safeParse(await redis.hgetall(keys.delivery(id)));
      if (!parsed.success) return null;
      const { state, tenant, url, allow_private, body, attempts } = parsed.data;
      return { id, tenant, url, allowPrivate: allow_private === '1', body, attempts, done: state !== 'pending' };
    },
    async attempted(id, outcome) {
      const changes = redis
        .multi()
        .hincrby(keys.delivery(id), 'attempts', 1)
        .hset(keys.delivery(id), 'state', outcome.state);
      if (outcome.state === 'pending') changes.zadd(keys.pendingDeliveries, outcome.dueAt, id);
      else changes.zrem(keys.pendingDeliveries, id);
      await changes.exec();
    },
    due: (before) => redis.zrangebyscore(keys.pendingDeliveries, 0, before, 'LIMIT', 0, 100),
    async secretOf(tenant) {
      const fresh = `whsec_${randomBytes(32).toString('base64')}`;
      await redis.setnx(keys.webhookSecret(tenant), fresh);
      return (await redis.get(keys.webhookSecret(tenant))) ?? fresh;
    },
  };
}
