import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_KEY } from '../examples.js';
import { noKey, ofKey, ofTenant, tenantOf } from './api-keys.js';

export const deleteKey = defineRoute({
  method: 'delete',
  path: '/v1/keys/:id',
  id: 'deleteKey',
  summary: 'Delete a key',
  description: 'Takes effect at once: the next request with the key is refused.',
  access: 'any',
  scope: 'admin',
  request: NO_INPUT.extend({ params: ofKey, query: ofTenant }),
  answers: { 204: { description: 'The key is deleted.', contents: {} } },
  problems: ['not_found'],
  examples: [
    { title: 'Delete it', given: 'key', params: EXAMPLE_OF_KEY, status: 204 },
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
    ({ apiKeys, snapshots, logger }) =>
    async (c, { params: { id }, query }) => {
      const tenant = tenantOf(c, query.tenant);
      if (!(await apiKeys.revoke(tenant, id))) throw noKey(id);
      await snapshots.keepTenant(tenant);
      logger.warn({ tenant, key: id, by: c.get('by') }, 'key revoked');
      return c.body(null, 204);
    },
});
