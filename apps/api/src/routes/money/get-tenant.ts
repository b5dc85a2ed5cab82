import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { ofTenant, tenantAnswers, tenantView } from './tenant-limits.js';

export const getTenant = defineRoute({
  method: 'get',
  path: '/v1/tenants/:tenant',
  id: 'getTenant',
  summary: "Read a tenant's limits",
  description: "The tenant's own limits. Defaults apply to those that it does not have.",
  access: 'admin',
  request: NO_INPUT.extend({ params: ofTenant }),
  answers: tenantAnswers,
  examples: [{ title: 'A tenant', given: 'nothing', params: { tenant: 'acme' }, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { tenant } }) =>
      c.json(await tenantView(tenant, services)),
});
