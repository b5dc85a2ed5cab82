import { z } from 'zod';

/** What happens to a job. */
export const JOB_EVENTS = ['job.completed', 'job.failed', 'job.paused', 'job.resumed', 'job.cancelled'] as const;
/** What happens to the upstream's account, and so to all of a tenant's jobs. */
const ACCOUNT_EVENTS = ['account.paused', 'account.resumed'] as const;

export const jobEventName = z.enum(JOB_EVENTS);
export const accountEventName = z.enum(ACCOUNT_EVENTS);
export const webhookEventName = z.enum([...JOB_EVENTS, ...ACCOUNT_EVENTS]);

const jobEvent = z.object({
  type: jobEventName,
  timestamp: z.iso.datetime(),
  /** The job as it was then. */
  data: z.object({ job: z.record(z.string(), z.unknown()), metadata: z.record(z.string(), z.string()) }),
});

const accountEvent = z.object({
  type: accountEventName,
  timestamp: z.iso.datetime(),
  data: z.object({ account: z.object({ host: z.string(), reason: z.string() }) }),
});

/** The body of a delivery. Signed by Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
export const webhookEvent = z.discriminatedUnion('type', [jobEvent, accountEvent]);

const id = z.object({ id: z.string() });

/** An event as `GET /v1/events` lists it: its id is the `webhook-id` of its delivery. */
export const listedEvent = z.discriminatedUnion('type', [jobEvent.extend(id.shape), accountEvent.extend(id.shape)]);

const receiver = z.url({ protocol: /^https?$/ }).max(2048);

/** A job's own webhook. Account events are the tenant's, and go to its default webhook. */
export const webhook = z.strictObject({ url: receiver, events: z.array(jobEventName).min(1).optional() });

/** The body of `PUT /v1/webhooks/default`; null takes the default away. */
export const defaultWebhook = z.strictObject({
  url: receiver.nullable(),
  events: z.array(webhookEventName).min(1).optional(),
});

/** The body of `POST /v1/webhooks/test`. */
export const webhookTest = z.strictObject({ url: receiver });

/** Why a receiver gave no answer. */
export const DELIVERY_ERRORS = {
  no_address: 'The host has no address, or none outside private networks.',
  connection_refused: 'Nothing listens at that address.',
  connection_failed: 'The connection could not be made, or broke.',
  tls: 'The certificate is not valid for this host.',
  timeout: 'No answer within 15 s.',
} as const;

export const deliveryError = z.enum(
  Object.keys(DELIVERY_ERRORS) as [keyof typeof DELIVERY_ERRORS, ...(keyof typeof DELIVERY_ERRORS)[]],
);

/** One request to a receiver, and what came back: a status and the first 1 KB, or why there is none. */
export const deliveryAttempt = z.object({
  at: z.iso.datetime(),
  status: z.int().nullable(),
  error: deliveryError.nullable(),
  duration_ms: z.number(),
  answer: z.string().nullable(),
});

/** What `POST /v1/webhooks/test` answers with. */
export const webhookTestReply = deliveryAttempt.extend({ id: z.string(), url: z.string() });

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export const deliveryState = z.enum(DELIVERY_STATES);

export const delivery = z.object({
  /** The event's id. */
  id: z.string(),
  event: webhookEventName,
  job: z.string().nullable(),
  url: z.string(),
  status: deliveryState,
  created_at: z.iso.datetime(),
  next_attempt_at: z.iso.datetime().nullable(),
  attempts: z.array(deliveryAttempt),
});

export type Webhook = z.infer<typeof webhook>;
export type JobEventName = z.infer<typeof jobEventName>;
export type AccountEventName = z.infer<typeof accountEventName>;
export type WebhookEventName = z.infer<typeof webhookEventName>;
export type WebhookEvent = z.infer<typeof webhookEvent>;
export type ListedEvent = z.infer<typeof listedEvent>;
export type DeliveryError = z.infer<typeof deliveryError>;
export type DeliveryAttempt = z.infer<typeof deliveryAttempt>;
export type WebhookTestReply = z.infer<typeof webhookTestReply>;
export type DefaultWebhookSetting = z.infer<typeof defaultWebhook>;
export type DeliveryState = z.infer<typeof deliveryState>;
export type DeliveryView = z.infer<typeof delivery>;
