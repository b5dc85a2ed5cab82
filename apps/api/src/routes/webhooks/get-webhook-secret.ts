import type { WebhookSecret } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { NOT_STORED } from '../parameters.js';
import { secretAnswers } from './webhook-secret.js';

export const getWebhookSecret = defineRoute({
  method: 'get',
  path: '/v1/webhooks/secret',
  id: 'getWebhookSecret',
  summary: 'Read the webhook secret',
  description: 'The current secret. A receiver checks the signature of each delivery with it.',
  access: 'tenant',
  scope: 'admin',
  request: NO_INPUT,
  answers: secretAnswers,
  examples: [{ title: 'The secret', given: 'nothing', status: 200 }],
  serve:
    ({ env, webhooks, snapshots }) =>
    async (c) => {
      const tenant = c.get('tenant');
      const answer: WebhookSecret = { secret: await webhooks.secretOf(tenant, env.webhookSecret) };
      // The first call may have made the secret, which must be in storage too.
      await snapshots.keepTenant(tenant);
      return c.json(answer, 200, NOT_STORED);
    },
});
