import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** Who sends what next: each tenant's deliveries stand in a line of its own, by when they are due. */
export interface DeliveryLines {
  /**
   * Ids of deliveries that are due, no more of a tenant than there is room for, taken: until `holdMs` are over nobody else
   * takes them.
   */
  take(rooms: Rooms, holdMs: number): Promise<string[]>;
  /** Holds the turns that were taken for so long from now on; 0 gives them back, to be taken at once. */
  hold(tenant: string, turns: readonly DeliveryTurn[], holdMs: number): Promise<void>;
  /** Calls back whenever there is something to take; a lost word is made good by taking now and then. */
  onDue(subscriber: Redis, act: () => void): () => void;
  /** Lines up some of what an earlier version has left pending: it had no lines. */
  lineUp(): Promise<void>;
}

/** How many deliveries of each tenant there is room for. */
interface Rooms {
  /** For all together. */
  readonly free: number;
  /** For a tenant that is not among the others. */
  readonly newcomer: number;
  readonly others: ReadonlyMap<string, number>;
}

interface DeliveryTurn {
  readonly id: string;
  readonly turn: number;
}

const TAKEN_AT_ONCE = 100;
const LINED_UP_AT_ONCE = 200;

const takeDeliveries = script<{
  most: number;
  each: number;
  rooms: Readonly<Record<string, number>>;
  hold_ms: number;
}>()('events/take_deliveries', z.array(z.string()));

const holdDeliveries = script<{ tenant: string; hold_ms: number; taken: readonly { id: string; turn: string }[] }>()(
  'events/hold_deliveries',
  z.string(),
);

const lineUpDeliveries = script<{ ids: readonly string[] }>()('events/line_up_deliveries', z.string());

export function createDeliveryLines({ redis, keys, run }: Access): DeliveryLines {
  let cursor = '0';
  return {
    async take({ free, newcomer, others }, holdMs) {
      const most = Math.min(free, TAKEN_AT_ONCE);
      return run(takeDeliveries, { most, each: newcomer, rooms: Object.fromEntries(others), hold_ms: holdMs });
    },
    async hold(tenant, turns, holdMs) {
      const taken = turns.map(({ id, turn }) => ({ id, turn: String(turn) }));
      await run(holdDeliveries, { tenant, hold_ms: holdMs, taken });
    },
    onDue(subscriber, act) {
      const hear = (channel: string) => {
        if (channel === keys.deliveryDue) act();
      };
      void subscriber.subscribe(keys.deliveryDue).catch(() => undefined);
      subscriber.on('message', hear);
      return () => subscriber.off('message', hear);
    },
    async lineUp() {
      const [next, found] = await redis.zscan(keys.pendingDeliveries, cursor, 'COUNT', LINED_UP_AT_ONCE);
      cursor = next;
      const pending = found.filter((_, at) => at % 2 === 0);
      if (pending.length > 0) await run(lineUpDeliveries, { ids: pending });
    },
  };
}
