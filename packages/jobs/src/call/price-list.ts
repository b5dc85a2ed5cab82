import {
  type EndpointName,
  type Nanos,
  nanosOf,
  type PublishedPrices,
  type ServedOrigin,
  servedOrigin,
} from '@linkhaul/schemas';
import { type Prices, scaledPrices } from '../planning/prices.js';
import type { Access } from '../redis/access.js';

/**
 * What an upstream charges, as far as known: its published prices or else the configured ones, and what it charged
 * recently.
 */
export interface PriceList {
  /** Stores what the upstream says about its prices, the account's balance and its data (null if it does not say). */
  publish(host: string, account: Account): Promise<void>;
  /** The prices for estimates. `set`: the configured prices. */
  expected(host: string, endpoint: EndpointName, set: Prices): Promise<Prices>;
  /** The account's balance, as the upstream last said. Null if it never did. */
  balance(host: string): Promise<Nanos | null>;
  /** Whether the upstream's data is simulated. Null if it has not said so yet. */
  simulated(host: string): Promise<boolean | null>;
  /** Where the upstream's data comes from, as it last said. Null if it did not, or in a form of another version. */
  origin(host: string): Promise<ServedOrigin | null>;
}

interface Account {
  readonly prices: PublishedPrices;
  readonly balance: Nanos | null;
  readonly simulated: boolean;
  readonly origin: ServedOrigin | null;
}

export function createPriceList({ redis, keys }: Access): PriceList {
  return {
    async publish(host, { prices, balance, simulated, origin }) {
      await redis.hset(keys.origins, host, Number(simulated));
      const fields: Record<string, Nanos | string> = balance === null ? {} : { balance };
      if (origin !== null) fields.origin = JSON.stringify(origin);
      else await redis.hdel(keys.prices(host), 'origin');
      for (const [endpoint, { call_usd, item_usd }] of Object.entries(prices)) {
        fields[`${endpoint}:call`] = nanosOf(call_usd);
        fields[`${endpoint}:item`] = nanosOf(item_usd);
      }
      if (Object.keys(fields).length > 0) await redis.hset(keys.prices(host), fields);
    },
    async expected(host, endpoint, set) {
      const names = ['call', 'item', 'seen'].map((name) => `${endpoint}:${name}`);
      const [call, item, seen] = await redis.hmget(keys.prices(host), ...names);
      const listed = { call: Number(call ?? set.call), item: Number(item ?? set.item) };
      return scaledPrices(listed, chargeFrom(seen ?? ''));
    },
    async balance(host) {
      const balance = await redis.hget(keys.prices(host), 'balance');
      return balance === null ? null : Number(balance);
    },
    async simulated(host) {
      const origin = await redis.hget(keys.origins, host);
      return origin === null ? null : origin === '1';
    },
    async origin(host) {
      const origin = await redis.hget(keys.prices(host), 'origin');
      return origin === null ? null : (servedOrigin.safeParse(JSON.parse(origin)).data ?? null);
    },
  };
}

/** `items,cost` in nanos, such as `1000,20003000`, as call/prices.lua writes it. */
function chargeFrom(text: string): { items: number; cost: Nanos } | null {
  const [items, cost] = text.split(',').map(Number);
  return items === undefined || cost === undefined ? null : { items, cost };
}
