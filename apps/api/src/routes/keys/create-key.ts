import { newApiKey, shownApiKey } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { NOT_STORED } from '../parameters.js';
import { keyView, ofTenant, tenantOf } from './api-keys.js';

export const createKey = defineRoute({
  method: 'post',
  path: '/v1/keys',
  id: 'createKey',
  summary: 'Make a key',
  description: 'The secret is in this answer only.',
  access: 'any',
  scope: 'admin',
  request: NO_INPUT.extend({ query: ofTenant, body: newApiKey }),
  answers: {
    201: { description: 'The key, shown here and never again.', contents: { 'application/json': shownApiKey } },
  },
  problems: ['conflict'],
  examples: [
    {
      title: 'One that reads',
      given: 'nothing',
      body: { type: 'application/json', content: { name: 'dashboard', scope: 'read' } },
      status: 201,
    },
    {
      title: "A new tenant's first, as the admin",
      given: 'nothing',
      as: 'admin',
      query: { tenant: 'acme' },
      body: { type: 'application/json', content: { name: 'first', scope: 'admin' } },
      status: 201,
    },
  ],
  serve:
    ({ apiKeys, snapshots, logger }) =>
    async (c, { query, body }) => {
      const tenant = tenantOf(c, query.tenant);
      const made = await apiKeys.create(tenant, body);
      if (made === null) throw new ApiProblem('conflict', 'This tenant has a thousand keys: delete some.');
      await snapshots.keepTenant(tenant);
      logger.warn({ tenant, key: made.key.id, scope: made.key.scope, by: c.get('by') }, 'key made');
      return c.json({ ...keyView(made.key), key: made.secret }, 201, NOT_STORED);
    },
});
