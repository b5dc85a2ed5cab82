import { defineRoute } from '../../routing/define-route.js';
import { NOTHING } from '../parameters.js';
import { defaultWebhookAnswers, defaultWebhookView } from './default-webhook.js';

export const getDefaultWebhook = defineRoute({
  method: 'get',
  path: '/v1/webhooks/default',
  id: 'getDefaultWebhook',
  summary: 'Read the default webhook',
  description: '`url` is null if there is none.',
  access: 'tenant',
  scope: 'read',
  request: NOTHING,
  answers: defaultWebhookAnswers,
  examples: [{ title: 'The default', given: 'nothing', status: 200 }],
  serve:
    ({ webhooks }) =>
    async (c) =>
      c.json(defaultWebhookView(await webhooks.defaultOf(c.get('tenant')))),
});
