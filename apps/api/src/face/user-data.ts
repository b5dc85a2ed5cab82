import { type EndpointName, endpointName, type Nanos, usdOf } from '@linkhaul/schemas';
import type { Context } from 'hono';
import type { AppEnv, Services } from '../services.js';

const DAY_MS = 86_400_000;

/** `GET /v3/appendix/user_data`: the tenant's limits, its use of them today, its budget and the prices. */
export async function userData(c: Context<AppEnv>, services: Services): Promise<readonly unknown[]> {
  const { tenants, requestLimits, env, calls } = services;
  const tenant = c.get('tenant');
  const day = Math.floor((await calls.now()) / DAY_MS);
  const [{ own, committed }, perMinute, used, price] = await Promise.all([
    tenants.money(tenant),
    requestLimits.of(tenant),
    usedOn(day, tenant, services),
    pricesOf(services),
  ]);
  const value = new Date(day * DAY_MS).toISOString().slice(0, 10);
  const budget = own?.budget ?? env.tenantDaily;
  const left = budget === null ? null : usdOf(Math.max(0, budget - committed[own?.period ?? 'day']));
  const minute = perMinute === null ? null : { total: perMinute };
  const daily = budget === null || own?.period === 'month' ? null : { total: usdOf(budget) };
  return [
    {
      login: tenant,
      timezone: 'UTC',
      rates: {
        limits: { day: null, minute },
        statistics: { day: { value, ...statistics(used, 'calls') }, minute: null },
      },
      money: {
        total: budget === null ? null : usdOf(budget),
        balance: left,
        limits: { day: daily, minute: null },
        statistics: { day: { value, ...statistics(used, 'spent') }, minute: null },
      },
      price,
      backlinks_subscription_expiry_date: null,
      llm_mentions_subscription_expiry_date: null,
    },
  ];
}

interface Used {
  calls: number;
  spent: Nanos;
}

async function usedOn(day: number, tenant: string, { usage }: Services): Promise<ReadonlyMap<string, Used>> {
  const used = new Map<string, Used>();
  for await (const { endpoint, calls, spent } of usage.rows(tenant, { from: day, to: day + 1 })) {
    const sums = used.get(endpoint) ?? { calls: 0, spent: 0 };
    used.set(endpoint, { calls: sums.calls + calls, spent: sums.spent + spent });
  }
  return used;
}

function statistics(used: ReadonlyMap<string, Used>, measure: keyof Used) {
  const shown = (figure: number) => (measure === 'spent' ? usdOf(figure) : figure);
  const figures = [...used].filter(([name]) => name !== '').map(([name, sums]) => [name, sums[measure]] as const);
  const total = [...used.values()].reduce((sum, sums) => sum + sums[measure], 0);
  return {
    total: shown(total),
    backlinks: Object.fromEntries(figures.map(([name, figure]) => [name, { live: shown(figure) }])),
  };
}

async function pricesOf(services: Services) {
  const names = endpointName.options;
  const listed = await Promise.all(names.map(async (name) => [name, await priceOf(name, services)] as const));
  return { backlinks: Object.fromEntries(listed) };
}

async function priceOf(name: EndpointName, { prices, env }: Services) {
  const { call, item } = await prices.expected(env.upstreamHost, name, env.prices);
  const normal = [
    { cost: usdOf(call), cost_type: 'per_request' },
    { cost: usdOf(item), cost_type: 'per_result' },
  ];
  return { live: { priority_normal: normal }, task_post: { priority_normal: normal } };
}
