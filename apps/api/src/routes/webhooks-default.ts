import type { DefaultWebhook } from '@linkhaul/jobs';
import { defaultWebhook } from '@linkhaul/schemas';
import { Hono } from 'hono';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { refuseUserInfo } from './receiver.js';
import { readSmallBody } from './small-body.js';

/** `GET`, `PUT /v1/webhooks/default`: where events go of jobs that name no webhook, and those of the account. */
export function webhooksDefault({ env, webhooks }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/webhooks/default', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      return c.json(viewOf(await webhooks.defaultOf(c.get('tenant'))));
    })
    .put('/v1/webhooks/default', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      const { url, events = null } = await readSmallBody(c, defaultWebhook);
      if (url !== null) refuseUserInfo(url, '/url');
      const webhook = url === null ? null : { url, events, allowPrivate: env.webhookAllowPrivate };
      await webhooks.setDefault(c.get('tenant'), webhook);
      return c.json(viewOf(webhook));
    });
}

function viewOf(webhook: DefaultWebhook | null) {
  return { url: webhook?.url ?? null, ...(webhook?.events && { events: webhook.events }) };
}
