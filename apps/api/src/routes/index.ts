import type { RouteGroup } from '../routing/route.js';
import { getDefaultWebhook } from './webhooks/get-default-webhook.js';
import { getWebhookSecret } from './webhooks/get-webhook-secret.js';
import { listDeliveries } from './webhooks/list-deliveries.js';
import { listEvents } from './webhooks/list-events.js';
import { redeliver } from './webhooks/redeliver.js';
import { rotateWebhookSecret } from './webhooks/rotate-webhook-secret.js';
import { setDefaultWebhook } from './webhooks/set-default-webhook.js';
import { testWebhook } from './webhooks/test-webhook.js';

/** Every route of the service, in the order of the documentation: app.ts serves these, and openapi/ describes them. */
export const ROUTES: readonly RouteGroup[] = [
  {
    name: 'Webhooks',
    description:
      'POSTed to the `webhook` of a job, or the default one, with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks 1.0). Answer 2xx within 15 s; else it comes again, with the same id, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h. Events may overtake one another: go by `timestamp`.',
    routes: [
      getDefaultWebhook,
      setDefaultWebhook,
      testWebhook,
      getWebhookSecret,
      rotateWebhookSecret,
      listEvents,
      listDeliveries,
      redeliver,
    ],
  },
];
