import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { defaultWebhookAnswers, defaultWebhookView } from './default-webhook.js';

export const getDefaultWebhook = defineRoute({
  method: 'get',
  path: '/v1/webhooks/default',
  id: 'getDefaultWebhook',
  summary: 'Read the default webhook',
  description: '`url` is null if there is none.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT,
  answers: defaultWebhookAnswers,
  examples: [{ title: 'The default', given: 'nothing', status: 200 }],
  serve:
    ({ webhooks }) =>
    async (c) =>
      c.json(defaultWebhookView(await webhooks.defaultOf(c.get('tenant')))),
});
