import { keysPage } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { keyView, ofTenant, tenantOf } from './api-keys.js';

export const listKeys = defineRoute({
  method: 'get',
  path: '/v1/keys',
  id: 'listKeys',
  summary: 'List keys',
  description: "The keys made by the API; the operator's keys are not among them.",
  access: 'any',
  scope: 'admin',
  request: NO_INPUT.extend({ query: ofTenant }),
  answers: { 200: { description: 'All keys, without their secrets.', contents: { 'application/json': keysPage } } },
  examples: [
    { title: 'All keys', given: 'key', status: 200 },
    {
      title: "Another tenant's, as the admin",
      given: 'key of acme',
      as: 'admin',
      query: { tenant: 'acme' },
      status: 200,
    },
  ],
  serve:
    ({ apiKeys }) =>
    async (c, { query }) => {
      const keys = await apiKeys.list(tenantOf(c, query.tenant));
      return c.json({ keys: keys.map(keyView), next_cursor: null });
    },
});
