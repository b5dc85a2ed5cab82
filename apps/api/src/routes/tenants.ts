import { nanosOf, type Tenant, tenantChange, usdOf } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { isTenantName } from '../env.js';
import { requireAdmin } from '../middleware/authenticate.js';
import { invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';

/** Of the contract, and not in this version. */
const NOT_AVAILABLE = ['weight', 'requests_per_minute'];

/** `GET` and `PUT /v1/tenants/:tenant`, the admin's: what a tenant may spend. Its jobs that wait for money go on by themselves. */
export function tenants(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/tenants/:tenant', requireAdmin, async (c) => {
      const tenant = tenantOf(c);
      return c.json(await viewOf(tenant, services));
    })
    .put('/v1/tenants/:tenant', requireAdmin, async (c) => {
      const tenant = tenantOf(c);
      const { budget_usd: budget, period } = await readSmallBody(c, tenantChange, { notAvailable: NOT_AVAILABLE });
      if (budget === null && period !== undefined) throw invalidRequest('/period', 'goes with a budget');
      const own = budget === null ? null : { budget: nanosOf(budget), period: period ?? 'day' };
      await services.tenants.setBudget(tenant, own);
      return c.json(await viewOf(tenant, services));
    });
}

function tenantOf(c: Context<AppEnv>): string {
  checkQuery(queryOf(c), { known: [] });
  const tenant = c.req.param('tenant') ?? '';
  if (isTenantName(tenant)) return tenant;
  throw invalidRequest('tenant', 'is 1 to 64 letters, digits, `_`, `-` and `.`, and does not begin with a dot');
}

async function viewOf(tenant: string, { tenants, env }: Pick<Services, 'tenants' | 'env'>): Promise<Tenant> {
  const { own, committed } = await tenants.money(tenant);
  return {
    tenant,
    budget_usd: own === null ? null : usdOf(own.budget),
    period: own?.period ?? null,
    committed_usd: usdOf(committed[own?.period ?? 'day']),
    default_daily_usd: env.tenantDaily === null ? null : usdOf(env.tenantDaily),
  };
}
