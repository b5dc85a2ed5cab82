import {
  DELIVERY_STATES,
  type DeliveryAttempt,
  type DeliveryEventName,
  type DeliveryState,
  deliveryAttempt,
  deliveryEventName,
} from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';
import { createDeliveryQueues, type DeliveryQueues } from './delivery-queues.js';
import type { EventPlace } from './events.js';

/** One event on its way to one address. Its id is that of the event, the same at every attempt. */
export interface Delivery {
  readonly id: string;
  readonly at: EventPlace;
  readonly event: DeliveryEventName;
  /** Null for an event of the account. */
  readonly job: string | null;
  readonly url: string;
  readonly allowPrivate: boolean;
  /** Null after it was delivered or given up: then the event itself gives the body, if it is needed again. */
  readonly body: string | null;
  readonly state: DeliveryState;
  readonly createdAt: number;
  /** Null if no further attempt is planned. */
  readonly dueAt: number | null;
  /** The number of the next attempt, from 0. Sending again by hand also begins another round. */
  readonly round: number;
}

type NewDelivery = Pick<Delivery, 'id' | 'at' | 'event' | 'job' | 'url' | 'allowPrivate'> & {
  readonly body: string;
};

/** What follows an attempt: nothing, or another one at a given time. */
type Sequel = { readonly state: 'delivered' | 'failed' } | { readonly state: 'pending'; readonly dueAt: number };

interface DeliveryFilter {
  readonly job: string | null;
  /** The id of the last delivery of the previous page. */
  readonly after: string | null;
  readonly limit: number;
}

/** All times are ms on Redis' clock. */
export interface Deliveries extends DeliveryQueues {
  now(): Promise<number>;
  /** Records a delivery before anything is sent. Recording the same id again changes nothing. */
  record(delivery: NewDelivery): Promise<void>;
  get(id: string): Promise<Delivery | null>;
  /** The newest first; of one job, in the order of its events. `next`: where the next page begins, null at the end. */
  list(tenant: string, filter: DeliveryFilter): Promise<{ deliveries: Delivery[]; next: string | null }>;
  /** The ids of all that were ever recorded for the job. */
  idsOf(job: JobRef): Promise<ReadonlySet<string>>;
  attemptsOf(id: string): Promise<DeliveryAttempt[]>;
  /**
   * Ends an attempt and its round; an attempt of an earlier round is only noted. If the job is gone, the record is removed
   * when it is delivered, or 30 days after it failed.
   */
  attempted(id: string, attempt: RoundAttempt, sequel: Sequel): Promise<void>;
  /** Makes it due again now. False if it is gone. */
  again(id: string, body: string): Promise<boolean>;
}

type RoundAttempt = DeliveryAttempt & { readonly round: number };

/** How many deliveries are kept for each tenant: the newest ones, and all that are pending. */
const MOST_KEPT = 100_000;
/** The schedule has eight attempts. Sending again by hand adds more. */
const MOST_ATTEMPTS = 50;

const stored = z.object({
  state: z.enum(DELIVERY_STATES),
  tenant: z.string(),
  place: z.string(),
  event: deliveryEventName,
  job: z.string().transform((id) => (id === '' ? null : id)),
  url: z.string(),
  allow_private: z.enum(['0', '1']),
  body: z.string().optional(),
  created_at: z.coerce.number(),
  turn: z.coerce.number(),
});

const recordDelivery = script<{ id: string; most_kept: number; fields: Readonly<Record<NewField, string>> }>()(
  'events/record_delivery',
  z.enum(['recorded', 'known']),
);
type NewField = 'tenant' | 'place' | 'event' | 'job' | 'url' | 'allow_private' | 'body';

const attemptOver = script<{
  id: string;
  round: string;
  attempt: string;
  code: string;
  most_kept: number;
  state: DeliveryState;
  due_at: number | null;
}>()('events/attempted', z.enum(['noted', 'gone']));

const redeliver = script<{ id: string; body: string }>()('events/redeliver', z.enum(['due', 'gone']));

interface Kept {
  readonly redis: Redis;
  readonly keys: Keys;
}

export function createDeliveries(access: Access): Deliveries {
  const { redis, keys, run } = access;
  const kept = { redis, keys };
  const get = (id: string) => read(kept, id);
  return {
    now: () => redisNow(redis),
    get,
    async record({ id, at: { tenant, place }, event, job, url, allowPrivate, body }) {
      const fields = { tenant, place, event, job: job ?? '', url, allow_private: allowPrivate ? '1' : '0', body };
      await run(recordDelivery, { id, most_kept: MOST_KEPT, fields });
    },
    async list(tenant, filter) {
      const ids = await idsAfter(kept, tenant, filter);
      const deliveries = (await Promise.all(ids.map(get))).filter((delivery) => delivery !== null);
      return { deliveries, next: ids.length < filter.limit ? null : (ids.at(-1) ?? null) };
    },
    idsOf: async (job) => new Set(await redis.lrange(keys.deliveriesOfJob(job), 0, -1)),
    async attemptsOf(id) {
      const lines = await redis.lrange(keys.deliveryAttempts(id), 0, -1);
      return lines.map((line) => deliveryAttempt.parse(JSON.parse(line)));
    },
    async attempted(id, { round, ...attempt }, sequel) {
      await run(attemptOver, {
        id,
        round: String(round),
        attempt: JSON.stringify(attempt),
        code: attempt.error ?? `http_${attempt.status}`,
        most_kept: MOST_ATTEMPTS,
        state: sequel.state,
        due_at: sequel.state === 'pending' ? sequel.dueAt : null,
      });
    },
    again: async (id, body) => (await run(redeliver, { id, body })) !== 'gone',
    ...createDeliveryQueues(access),
  };
}

async function read({ redis, keys }: Kept, id: string): Promise<Delivery | null> {
  const [fields, dueAt] = await Promise.all([
    redis.hgetall(keys.delivery(id)),
    redis.zscore(keys.pendingDeliveries, id),
  ]);
  const parsed = stored.safeParse(fields);
  if (!parsed.success) return null;
  const { tenant, place, allow_private, body, created_at, turn: round, ...same } = parsed.data;
  return {
    ...same,
    id,
    round,
    at: { tenant, place },
    allowPrivate: allow_private === '1',
    body: body ?? null,
    createdAt: created_at,
    dueAt: dueAt === null ? null : Number(dueAt),
  };
}

async function idsAfter({ redis, keys }: Kept, tenant: string, filter: DeliveryFilter): Promise<string[]> {
  const { job, after, limit } = filter;
  if (job !== null) {
    const all = await redis.lrange(keys.deliveriesOfJob({ tenant, id: job }), 0, -1);
    const start = after === null ? 0 : all.indexOf(after) + 1;
    return all.slice(start, start + limit);
  }
  const rank = after === null ? -1 : await redis.zrevrank(keys.deliveries(tenant), after);
  return rank === null ? [] : redis.zrevrange(keys.deliveries(tenant), rank + 1, rank + limit);
}
