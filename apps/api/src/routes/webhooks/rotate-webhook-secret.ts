import type { WebhookSecret } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { NOT_STORED } from '../parameters.js';
import { secretAnswers } from './webhook-secret.js';

export const rotateWebhookSecret = defineRoute({
  method: 'post',
  path: '/v1/webhooks/secret/rotate',
  id: 'rotateWebhookSecret',
  summary: 'Rotate the webhook secret',
  description:
    'The new secret is used at once. Each older one, the newest ten at most, also signs for a day after it was replaced.',
  access: 'tenant',
  scope: 'admin',
  request: NO_INPUT,
  answers: secretAnswers,
  problems: ['conflict'],
  examples: [{ title: 'A new secret', given: 'nothing', status: 200 }],
  serve:
    ({ env, webhooks, snapshots, logger }) =>
    async (c) => {
      const tenant = c.get('tenant');
      if (env.webhookSecret !== null && !(await webhooks.hasSecret(tenant))) {
        throw new ApiProblem('conflict', 'Webhooks are signed with WEBHOOK_SECRET, which its operator changes.');
      }
      const answer: WebhookSecret = { secret: await webhooks.rotateSecret(tenant) };
      await snapshots.keepTenant(tenant);
      logger.warn({ tenant }, 'webhook secret rotated');
      return c.json(answer, 200, NOT_STORED);
    },
});
