import { type Tenant, tenant, usdOf } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Services } from '../../services.js';
import { tenantName } from '../parameters.js';

/** The path of a tenant. */
export const ofTenant = z.object({ tenant: tenantName });

/** The answer of the routes that read and set a tenant's limits. */
export const tenantAnswers = {
  200: {
    description:
      'Its budget, how much of it is used, its requests a minute, its weight, and which answers its tasks reuse.',
    contents: { 'application/json': tenant },
  },
};

type Limits = Pick<Services, 'tenants' | 'requestLimits' | 'env'>;

export async function tenantView(tenant: string, { tenants, requestLimits, env }: Limits): Promise<Tenant> {
  const [{ own, committed }, perMinute, weight, maxAge] = await Promise.all([
    tenants.money(tenant),
    requestLimits.of(tenant),
    tenants.weight(tenant),
    tenants.maxAge(tenant),
  ]);
  return {
    tenant,
    budget_usd: own === null ? null : usdOf(own.budget),
    period: own?.period ?? null,
    committed_usd: usdOf(committed[own?.period ?? 'day']),
    default_daily_usd: env.tenantDaily === null ? null : usdOf(env.tenantDaily),
    requests_per_minute: perMinute,
    weight,
    max_age: maxAge,
  };
}
