import { randomBytes } from 'node:crypto';
import { createPlaces } from '@linkhaul/client';
import { isoTime } from '@linkhaul/jobs';
import { webhookTest } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { refuseUserInfo } from './receiver.js';
import { readSmallBody } from './small-body.js';

/** The longest that a test takes. */
const RETRY_AFTER_S = '15';

/** `POST /v1/webhooks/test`: sends one `webhook.test`, signed as all are, and answers with what came back. */
export function webhooksTest(services: Services): Hono<AppEnv> {
  const places = createPlaces();
  return new Hono<AppEnv>().post('/v1/webhooks/test', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const { url } = await readSmallBody(c, webhookTest);
    refuseUserInfo(url, '/url');
    const tenant = c.get('tenant');
    if (places.roomOf(tenant) === 0) throw tooManyTests();
    const release = places.take(tenant);
    try {
      return c.json(await sendTest(tenant, url, services));
    } finally {
      release();
    }
  });
}

async function sendTest(tenant: string, url: string, { env, webhooks, deliveries, courier, logger }: Services) {
  const id = `evt_test_${randomBytes(12).toString('hex')}`;
  const now = await deliveries.now();
  const at = isoTime(now);
  const body = JSON.stringify({ type: 'webhook.test', timestamp: at, data: {} });
  const secrets = await webhooks.signingSecrets(tenant, env.webhookSecret);
  const reply = await courier.post({ id, url, body, at: now, allowPrivate: env.webhookAllowPrivate }, secrets);
  if (reply === null)
    throw new ApiProblem('unavailable', 'This server stops: try again.', { headers: { 'retry-after': '2' } });
  logger.info({ tenant, delivery: id, status: reply.status, error: reply.error }, 'webhook test');
  return { id, url, at, ...reply };
}

function tooManyTests(): ApiProblem {
  const detail = 'Too many tests of this tenant wait for their receivers: try again when some are over.';
  return new ApiProblem('too_many_requests', detail, { headers: { 'retry-after': RETRY_AFTER_S } });
}
