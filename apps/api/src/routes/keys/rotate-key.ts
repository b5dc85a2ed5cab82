import { shownApiKey } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_KEY } from '../examples.js';
import { NOT_STORED } from '../parameters.js';
import { keyView, noKey, ofKey, ofTenant, tenantOf } from './api-keys.js';

export const rotateKey = defineRoute({
  method: 'post',
  path: '/v1/keys/:id/rotate',
  id: 'rotateKey',
  summary: 'Rotate a key',
  description: 'The key gets a new secret; the old one is refused at once.',
  access: 'any',
  scope: 'admin',
  request: NO_INPUT.extend({ params: ofKey, query: ofTenant }),
  answers: {
    200: { description: 'The key, shown here and never again.', contents: { 'application/json': shownApiKey } },
  },
  problems: ['not_found'],
  examples: [
    { title: 'A new secret', given: 'key', params: EXAMPLE_OF_KEY, status: 200 },
    {
      title: "Of another tenant's key, as the admin",
      given: 'key of acme',
      as: 'admin',
      params: EXAMPLE_OF_KEY,
      query: { tenant: 'acme' },
      status: 200,
    },
  ],
  serve:
    ({ apiKeys, snapshots, logger }) =>
    async (c, { params: { id }, query }) => {
      const tenant = tenantOf(c, query.tenant);
      const made = await apiKeys.rotate(tenant, id);
      if (made === null) throw noKey(id);
      await snapshots.keepTenant(tenant);
      logger.warn({ tenant, key: made.key.id, by: c.get('by') }, 'key rotated');
      return c.json({ ...keyView(made.key), key: made.secret }, 200, NOT_STORED);
    },
});
