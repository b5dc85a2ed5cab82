import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** Which delivery is sent next: each tenant has a queue of its own, ordered by when deliveries are due. */
export interface DeliveryQueues {
  /**
   * Takes deliveries that are due, for each tenant no more than it has room for, and returns their ids. No other worker
   * takes them before `holdMs` are over.
   */
  take(rooms: Rooms, holdMs: number): Promise<string[]>;
  /** Holds taken deliveries for this long from now on. 0 gives them back, to be taken at once. */
  hold(tenant: string, taken: readonly TakenDelivery[], holdMs: number): Promise<void>;
  /** Calls back when a delivery is due. A message may be lost, so call `take` now and then as well. */
  onDue(subscriber: Redis, act: () => void): () => void;
  /** Queues some of the pending deliveries of an earlier version, which had no queues. */
  queuePending(): Promise<void>;
}

/** How many more deliveries each tenant has room for. */
interface Rooms {
  /** For all tenants together. */
  readonly free: number;
  /** For each tenant that is not listed. */
  readonly newcomer: number;
  readonly others: ReadonlyMap<string, number>;
}

interface TakenDelivery {
  readonly id: string;
  readonly round: number;
}

const TAKEN_AT_ONCE = 100;
const QUEUED_AT_ONCE = 200;

const takeDeliveries = script<{
  most: number;
  each: number;
  rooms: Readonly<Record<string, number>>;
  hold_ms: number;
}>()('events/take_deliveries', z.array(z.string()));

const holdDeliveries = script<{ tenant: string; hold_ms: number; taken: readonly { id: string; round: string }[] }>()(
  'events/hold_deliveries',
  z.string(),
);

const queueDeliveries = script<{ ids: readonly string[] }>()('events/queue_deliveries', z.string());

export function createDeliveryQueues({ redis, keys, run }: Access): DeliveryQueues {
  let cursor = '0';
  return {
    async take({ free, newcomer, others }, holdMs) {
      const most = Math.min(free, TAKEN_AT_ONCE);
      return run(takeDeliveries, { most, each: newcomer, rooms: Object.fromEntries(others), hold_ms: holdMs });
    },
    async hold(tenant, taken, holdMs) {
      const named = taken.map(({ id, round }) => ({ id, round: String(round) }));
      await run(holdDeliveries, { tenant, hold_ms: holdMs, taken: named });
    },
    onDue(subscriber, act) {
      const hear = (channel: string) => {
        if (channel === keys.deliveryDue) act();
      };
      void subscriber.subscribe(keys.deliveryDue).catch(() => undefined);
      subscriber.on('message', hear);
      return () => subscriber.off('message', hear);
    },
    async queuePending() {
      const [next, found] = await redis.zscan(keys.pendingDeliveries, cursor, 'COUNT', QUEUED_AT_ONCE);
      cursor = next;
      const pending = found.filter((_, at) => at % 2 === 0);
      if (pending.length > 0) await run(queueDeliveries, { ids: pending });
    },
  };
}
