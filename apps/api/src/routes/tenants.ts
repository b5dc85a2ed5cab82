import type { TenantBudget } from '@linkhaul/jobs';
import { nanosOf, type Tenant, type TenantChange, tenantChange, usdOf } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { isTenantName } from '../env.js';
import { requireAdmin } from '../middleware/authenticate.js';
import { invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';

/**
 * `GET` and `PUT /v1/tenants/:tenant`, the admin's: what a tenant may spend, how often it may ask, and its share of the
 * calls. Its jobs that wait for money go on by themselves.
 */
export function tenants(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/tenants/:tenant', requireAdmin, async (c) => {
      const tenant = tenantOf(c);
      return c.json(await viewOf(tenant, services));
    })
    .put('/v1/tenants/:tenant', requireAdmin, async (c) => {
      const tenant = tenantOf(c);
      const change = await readSmallBody(c, tenantChange);
      const { requests_per_minute: perMinute, weight } = change;
      const own = ownBudget(change);
      if (own === undefined && perMinute === undefined && weight === undefined) {
        throw invalidRequest('', 'Name one of `budget_usd`, `requests_per_minute` and `weight`.');
      }
      if (own !== undefined) await services.tenants.setBudget(tenant, own);
      if (perMinute !== undefined) await services.requestLimits.set(tenant, perMinute);
      if (weight !== undefined) await services.tenants.setWeight(tenant, weight);
      return c.json(await viewOf(tenant, services));
    });
}

function tenantOf(c: Context<AppEnv>): string {
  checkQuery(queryOf(c), { known: [] });
  return tenantName(c.req.param('tenant') ?? '');
}

/** A name that a tenant may have: it stands in keys and paths. */
export function tenantName(text: string): string {
  if (isTenantName(text)) return text;
  throw invalidRequest('tenant', 'is 1 to 64 letters, digits, `_`, `-` and `.`, and does not begin with a dot');
}

/** Null takes it away; undefined leaves it as it is. */
function ownBudget({ budget_usd: budget, period }: TenantChange): TenantBudget | null | undefined {
  if (typeof budget === 'number') return { budget: nanosOf(budget), period: period ?? 'day' };
  if (period !== undefined) throw invalidRequest('/period', 'goes with a budget');
  return budget;
}

type Limits = Pick<Services, 'tenants' | 'requestLimits' | 'env'>;

async function viewOf(tenant: string, { tenants, requestLimits, env }: Limits): Promise<Tenant> {
  const [{ own, committed }, perMinute, weight] = await Promise.all([
    tenants.money(tenant),
    requestLimits.of(tenant),
    tenants.weight(tenant),
  ]);
  return {
    tenant,
    budget_usd: own === null ? null : usdOf(own.budget),
    period: own?.period ?? null,
    committed_usd: usdOf(committed[own?.period ?? 'day']),
    default_daily_usd: env.tenantDaily === null ? null : usdOf(env.tenantDaily),
    requests_per_minute: perMinute,
    weight,
  };
}
