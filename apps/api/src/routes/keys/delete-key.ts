import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { EXAMPLE_OF_KEY } from '../examples.js';
import { noKey, ofKey, ofTenant, tenantOf } from './api-keys.js';

export const deleteKey = defineRoute({
  method: 'delete',
  path: '/v1/keys/:id',
  id: 'deleteKey',
  summary: 'Take a key away',
  description: 'From now on: the next request with it is refused.',
  access: 'any',
  scope: 'admin',
  request: z.object({ params: ofKey, query: ofTenant }),
  answers: { 204: { description: 'It is gone.', contents: {} } },
  problems: ['not_found'],
  examples: [
    { title: 'Take it away', given: 'key', params: EXAMPLE_OF_KEY, status: 204 },
    {
      title: "Another tenant's, as the admin",
      given: 'key of acme',
      as: 'admin',
      params: EXAMPLE_OF_KEY,
      query: { tenant: 'acme' },
      status: 204,
    },
    { title: 'There is no such key', given: 'nothing', params: EXAMPLE_OF_KEY, status: 404 },
  ],
  serve:
    ({ apiKeys, logger }) =>
    async (c, { params: { id }, query }) => {
      const tenant = tenantOf(c, query.tenant);
      if (!(await apiKeys.revoke(tenant, id))) throw noKey(id);
      logger.warn({ tenant, key: id, by: c.get('by') }, 'key revoked');
      return c.body(null, 204);
    },
});
