import type { TenantBudget } from '@linkhaul/jobs';
import { nanosOf, type TenantChange, tenantChange } from '@linkhaul/schemas';
import { invalidRequest } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { ofTenant, tenantAnswers, tenantView } from './tenant-limits.js';

export const setTenant = defineRoute({
  method: 'put',
  path: '/v1/tenants/:tenant',
  id: 'setTenant',
  summary: "Set a tenant's budget, its requests a minute, its share of the calls, and which answers its tasks reuse",
  description: 'Jobs that wait for the budget go on by themselves once it pays for them.',
  access: 'admin',
  request: NO_INPUT.extend({ params: ofTenant, body: tenantChange }),
  answers: tenantAnswers,
  examples: [
    {
      title: '$250 a month',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { budget_usd: 250, period: 'month' } },
      status: 200,
    },
    {
      title: '600 requests a minute, and no budget of its own',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { budget_usd: null, requests_per_minute: 600 } },
      status: 200,
    },
    {
      title: 'Three calls for each one of other tenants',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { weight: 3 } },
      status: 200,
    },
    {
      title: 'Tasks in the form of DataForSEO are answered from answers of the last seven days',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { max_age: '7d' } },
      status: 200,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { tenant }, body }) => {
      const { requests_per_minute: perMinute, weight, max_age: maxAge } = body;
      const own = ownBudget(body);
      if ([own, perMinute, weight, maxAge].every((limit) => limit === undefined)) {
        throw invalidRequest('', 'Name one of `budget_usd`, `requests_per_minute`, `weight` and `max_age`.');
      }
      if (own !== undefined) await services.tenants.setBudget(tenant, own);
      if (perMinute !== undefined) await services.requestLimits.set(tenant, perMinute);
      if (weight !== undefined) await services.tenants.setWeight(tenant, weight);
      if (maxAge !== undefined) await services.tenants.setMaxAge(tenant, maxAge);
      await services.snapshots.keepTenant(tenant);
      return c.json(await tenantView(tenant, services));
    },
});

/** The tenant's own budget: null removes it, undefined leaves it unchanged. */
function ownBudget({ budget_usd: budget, period }: TenantChange): TenantBudget | null | undefined {
  if (typeof budget === 'number') return { budget: nanosOf(budget), period: period ?? 'day' };
  if (period !== undefined) throw invalidRequest('/period', 'goes with a budget');
  return budget;
}
