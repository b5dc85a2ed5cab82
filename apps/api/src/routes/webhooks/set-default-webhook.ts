import { defaultWebhook } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { refuseUserInfo } from '../../submit/fields/receiver.js';
import { EXAMPLE_RECEIVER } from '../examples.js';
import { defaultWebhookAnswers, defaultWebhookView } from './default-webhook.js';

export const setDefaultWebhook = defineRoute({
  method: 'put',
  path: '/v1/webhooks/default',
  id: 'setDefaultWebhook',
  summary: 'Set the default webhook',
  description: 'Used by jobs that name no webhook, as it is when they are accepted. Existing jobs keep what they have.',
  access: 'tenant',
  // It receives the data of every job that names no webhook of its own.
  scope: 'admin',
  request: NO_INPUT.extend({ body: defaultWebhook }),
  answers: defaultWebhookAnswers,
  examples: [
    {
      title: 'Failures and pauses only',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: { url: EXAMPLE_RECEIVER, events: ['job.failed', 'job.paused', 'account.paused'] },
      },
      status: 200,
    },
    {
      title: 'None',
      given: 'nothing',
      body: { type: 'application/json', content: { url: null } },
      status: 200,
    },
  ],
  serve:
    ({ env, webhooks, snapshots }) =>
    async (c, { body: { url, events = null } }) => {
      if (url !== null) refuseUserInfo(url, '/url');
      const webhook = url === null ? null : { url, events, allowPrivate: env.webhookAllowPrivate };
      await webhooks.setDefault(c.get('tenant'), webhook);
      await snapshots.keepTenant(c.get('tenant'));
      return c.json(defaultWebhookView(webhook));
    },
});
