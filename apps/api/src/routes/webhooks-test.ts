import { randomBytes } from 'node:crypto';
import { isoTime } from '@linkhaul/jobs';
import { webhookTest } from '@linkhaul/schemas';
import { Hono } from 'hono';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { refuseUserInfo } from './receiver.js';
import { readSmallBody } from './small-body.js';

/** `POST /v1/webhooks/test`: sends one `webhook.test`, signed as all are, and answers with what came back. */
export function webhooksTest({ env, webhooks, deliveries, courier, logger }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/v1/webhooks/test', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const { url } = await readSmallBody(c, webhookTest);
    refuseUserInfo(url, '/url');
    const tenant = c.get('tenant');
    const id = `evt_test_${randomBytes(12).toString('hex')}`;
    const now = await deliveries.now();
    const at = isoTime(now);
    const body = JSON.stringify({ type: 'webhook.test', timestamp: at, data: {} });
    const secrets = await webhooks.signingSecrets(tenant, env.webhookSecret);
    const reply = await courier.post({ id, url, body, at: now, allowPrivate: env.webhookAllowPrivate }, secrets);
    logger.info({ tenant, delivery: id, status: reply.status, error: reply.error }, 'webhook test');
    return c.json({ id, url, at, ...reply });
  });
}
