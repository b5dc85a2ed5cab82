import { z } from 'zod';

export const WEBHOOK_EVENTS = ['job.completed', 'job.failed', 'job.paused', 'job.resumed', 'job.cancelled'] as const;
export const webhookEventName = z.enum(WEBHOOK_EVENTS).meta({ id: 'WebhookEventName' });

/** The body of a delivery. Signed by Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
export const webhookEvent = z
  .object({
    type: webhookEventName,
    timestamp: z.iso.datetime(),
    data: z.object({ job: z.record(z.string(), z.unknown()), metadata: z.record(z.string(), z.string()) }),
  })
  .meta({ id: 'WebhookEvent', description: 'The body of a delivery. Signed by Standard Webhooks 1.0.' });

export type WebhookEventName = z.infer<typeof webhookEventName>;
export type WebhookEvent = z.infer<typeof webhookEvent>;
