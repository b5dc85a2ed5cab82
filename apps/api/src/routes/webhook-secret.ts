import type { WebhookSecret } from '@linkhaul/schemas';
import { Hono } from 'hono';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';

/** `GET /v1/webhooks/secret`: what a receiver checks signatures with. */
export function webhookSecret({ env, deliveries }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/webhooks/secret', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const secret = env.webhookSecret ?? (await deliveries.secretOf(c.get('tenant')));
    const answer: WebhookSecret = { secret };
    return c.json(answer, 200, { 'cache-control': 'no-store' });
  });
}
