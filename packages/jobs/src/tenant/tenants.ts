import type { Nanos } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';

/** The most that a tenant's calls may cost in a day or a month (UTC). */
export interface TenantBudget {
  readonly budget: Nanos;
  readonly period: 'day' | 'month';
}

interface TenantMoney {
  /** The tenant's own budget. Null if only the default applies. */
  readonly own: TenantBudget | null;
  /** Spent, unconfirmed and reserved in the present period. */
  readonly committed: Readonly<Record<TenantBudget['period'], Nanos>>;
}

export interface Tenants {
  money(tenant: string): Promise<TenantMoney>;
  /** Null removes the tenant's own budget. */
  setBudget(tenant: string, budget: TenantBudget | null): Promise<void>;
  /** How many calls the tenant may send for each call of a tenant of weight 1, while both have calls to send. */
  weight(tenant: string): Promise<number>;
  /** Applies from the tenant's next call on. */
  setWeight(tenant: string, weight: number): Promise<void>;
  /** How old a stored answer may be that answers a task in the vendor's form: a duration. Null: each task is bought. */
  maxAge(tenant: string): Promise<string | null>;
  setMaxAge(tenant: string, maxAge: string | null): Promise<void>;
}

const { DAY_MS, USUAL_WEIGHT } = CONSTANTS;
const weigh = script<{ tenant: string; weight: number }>()('tenant/weigh', z.string());

const ownForm = z.object({ budget: z.coerce.number(), period: z.enum(['day', 'month']) });

export function createTenants({ redis, keys, run }: Access): Tenants {
  return {
    async money(tenant) {
      const now = await redisNow(redis);
      const [known, day, month] = await Promise.all([
        redis.hgetall(keys.tenant(tenant)),
        redis.get(keys.committedDay(tenant, Math.floor(now / DAY_MS))),
        redis.get(keys.committedMonth(tenant, monthOf(now))),
      ]);
      const own = ownForm.safeParse(known);
      return { own: own.success ? own.data : null, committed: { day: Number(day ?? 0), month: Number(month ?? 0) } };
    },
    async setBudget(tenant, budget) {
      if (budget === null) await redis.hdel(keys.tenant(tenant), 'budget', 'period');
      else await redis.hset(keys.tenant(tenant), { budget: budget.budget, period: budget.period });
    },
    weight: async (tenant) => Number((await redis.hget(keys.tenant(tenant), 'weight')) ?? USUAL_WEIGHT),
    async setWeight(tenant, weight) {
      await run(weigh, { tenant, weight });
    },
    maxAge: (tenant) => redis.hget(keys.tenant(tenant), 'max_age'),
    async setMaxAge(tenant, maxAge) {
      if (maxAge === null) await redis.hdel(keys.tenant(tenant), 'max_age');
      else await redis.hset(keys.tenant(tenant), { max_age: maxAge });
    },
  };
}

/** The number of a month as in tenant/money.lua: year * 12 + month. */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
