import { Hono } from 'hono';
import { z } from 'zod';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';

const NO_FIELDS = z.strictObject({});
const NOT_STORED = { 'cache-control': 'no-store' };

/** `GET /v1/webhooks/secret`: what a receiver checks signatures with; `POST …/rotate`: a new one. */
export function webhookSecret({ env, webhooks, logger }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/webhooks/secret', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      return c.json({ secret: await webhooks.secretOf(c.get('tenant'), env.webhookSecret) }, 200, NOT_STORED);
    })
    .post('/v1/webhooks/secret/rotate', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      await readSmallBody(c, NO_FIELDS);
      const tenant = c.get('tenant');
      if (env.webhookSecret !== null && !(await webhooks.hasSecret(tenant))) {
        const detail = 'Webhooks are signed with WEBHOOK_SECRET, which its operator changes.';
        throw new ApiProblem('conflict', detail);
      }
      const secret = await webhooks.rotateSecret(tenant);
      logger.warn({ tenant }, 'webhook secret rotated');
      return c.json({ secret }, 200, NOT_STORED);
    });
}
