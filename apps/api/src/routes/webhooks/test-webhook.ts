import { randomBytes } from 'node:crypto';
import { createFairShare } from '@linkhaul/client';
import { isoTime } from '@linkhaul/jobs';
import { webhookTest, webhookTestReply } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { refuseUserInfo } from '../../submit/fields/receiver.js';
import { EXAMPLE_RECEIVER } from '../examples.js';

/** A test takes no longer than this. */
const RETRY_AFTER_S = '15';

export const testWebhook = defineRoute({
  method: 'post',
  path: '/v1/webhooks/test',
  id: 'testWebhook',
  summary: 'Try a receiver',
  description:
    'Sends one `{ "type": "webhook.test", "timestamp", "data": {} }`, signed like all others, and answers with what came back, whatever it is.',
  access: 'tenant',
  scope: 'submit',
  request: NO_INPUT.extend({ body: webhookTest }),
  answers: { 200: { description: 'What came back.', contents: { 'application/json': webhookTestReply } } },
  examples: [
    {
      title: 'A receiver',
      given: 'receiver',
      body: { type: 'application/json', content: { url: EXAMPLE_RECEIVER } },
      status: 200,
    },
  ],
  serve(services) {
    const share = createFairShare();
    return async (c, { body: { url } }) => {
      refuseUserInfo(url, '/url');
      const tenant = c.get('tenant');
      if (share.roomOf(tenant) === 0) throw tooManyTests();
      const release = share.take(tenant);
      try {
        return c.json(await sendTest(tenant, url, services));
      } finally {
        release();
      }
    };
  },
});

async function sendTest(tenant: string, url: string, { env, webhooks, deliveries, courier, logger }: Services) {
  const id = `evt_test_${randomBytes(12).toString('hex')}`;
  const now = await deliveries.now();
  const at = isoTime(now);
  const body = JSON.stringify({ type: 'webhook.test', timestamp: at, data: {} });
  const secrets = await webhooks.signingSecrets(tenant, env.webhookSecret);
  const reply = await courier.post({ id, url, body, at: now, allowPrivate: env.webhookAllowPrivate }, secrets);
  if (reply === null)
    throw new ApiProblem('unavailable', 'This server is stopping: try again.', { headers: { 'retry-after': '2' } });
  logger.info({ tenant, delivery: id, status: reply.status, error: reply.error }, 'webhook test');
  return { id, url, at, ...reply };
}

function tooManyTests(): ApiProblem {
  const detail = 'Too many tests of this tenant wait for their receivers: try again when some are over.';
  return new ApiProblem('too_many_requests', detail, { headers: { 'retry-after': RETRY_AFTER_S } });
}
