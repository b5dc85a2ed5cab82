import { z } from 'zod';
import { change } from './diff.js';
import { watchRun } from './watch-runs.js';

/** What happens to a job. */
export const JOB_EVENTS = ['job.completed', 'job.failed', 'job.paused', 'job.resumed', 'job.cancelled'] as const;
/** What happens to the upstream's account, and so to all of a tenant's jobs. */
const ACCOUNT_EVENTS = ['account.paused', 'account.resumed'] as const;

/** What happens to a watch. */
export const WATCH_EVENTS = ['watch.finished', 'watch.alert', 'watch.skipped'] as const;

export const watchEventName = z.enum(WATCH_EVENTS).meta({ id: 'WatchEventName' });
export const jobEventName = z.enum(JOB_EVENTS).meta({ id: 'JobEventName' });
export const accountEventName = z.enum(ACCOUNT_EVENTS).meta({ id: 'AccountEventName' });
const EVENTS = [...JOB_EVENTS, ...ACCOUNT_EVENTS, ...WATCH_EVENTS] as const;

/** How the end of a Standard task is reported: by a GET without a body, or a POST of its answer. */
const TASK_HOOKS = ['task.pingback', 'task.postback'] as const;
export const taskHookName = z.enum(TASK_HOOKS);

/** What a delivery can be about. */
export const deliveryEventName = z.enum([...EVENTS, ...TASK_HOOKS]).meta({ id: 'DeliveryEventName' });

export const webhookEventName = z.enum(EVENTS).meta({ id: 'WebhookEventName' });

const jobEvent = z
  .object({
    type: jobEventName,
    timestamp: z.iso.datetime(),
    data: z.object({
      job: z.record(z.string(), z.unknown()).describe('The job as it was then, in the form of `GET /v1/jobs/{id}`.'),
      metadata: z.record(z.string(), z.string()),
    }),
  })
  .meta({ id: 'JobEvent', description: 'Something happened to a job.' });

const accountEvent = z
  .object({
    type: accountEventName,
    timestamp: z.iso.datetime(),
    data: z.object({
      account: z.object({
        host: z.string().describe("The upstream's host."),
        reason: z.string().describe('Why the account was paused.'),
      }),
    }),
  })
  .meta({
    id: 'AccountEvent',
    description: "The upstream refuses the whole account, or accepts it again. It goes to a tenant's default webhook.",
  });

const total = z.object({ before: z.number(), after: z.number() });

const watchEvent = z
  .object({
    type: watchEventName,
    timestamp: z.iso.datetime(),
    data: z.object({
      watch: z.string().describe('Its name.'),
      run: watchRun,
      base_job: z.string().nullable().describe('The last good run before it, with which it is compared.'),
      field: z.string().describe('The main field of the watch.'),
      totals: z
        .record(z.string(), total)
        .nullable()
        .describe('By field, over the rows that both runs know. Null if nothing is compared.'),
      largest: z.array(change).describe('The ten changes with the largest differences of the main field.'),
      alerts: z
        .array(
          z.object({
            rule: z.record(z.string(), z.unknown()).describe('As the watch has it.'),
            count: z.int().describe('For how many rows or items it holds.'),
            examples: z.array(change).describe('The ten largest of them.'),
            total: total.nullable(),
          }),
        )
        .describe('Rules that hold.'),
      links: z.object({
        watch: z.string(),
        job: z.string().nullable(),
        results: z.string().nullable(),
        diff: z.string().nullable(),
      }),
    }),
  })
  .meta({ id: 'WatchEvent', description: 'A run of a watch is finished, a rule of it holds, or a tick was skipped.' });

export const webhookEvent = z.discriminatedUnion('type', [jobEvent, accountEvent, watchEvent]).meta({
  id: 'WebhookEvent',
  description:
    'The body of a delivery, by its `type`. Signed by Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.',
});

const id = z.object({ id: z.string().describe('The `webhook-id` of its delivery.') });

/** An event as `GET /v1/events` lists it. */
export const listedEvent = z
  .discriminatedUnion('type', [
    jobEvent.extend(id.shape).meta({ id: 'ListedJobEvent' }),
    accountEvent.extend(id.shape).meta({ id: 'ListedAccountEvent' }),
    watchEvent.extend(id.shape).meta({ id: 'ListedWatchEvent' }),
  ])
  .meta({ id: 'ListedEvent', description: 'An event with its id.' });

export const receiver = z.url({ protocol: /^https?$/ }).max(2048);

/** An address in which `$id` and `$tag` stand for those of a job or a task. Not in the host, because a tag could name any host. */
export const hookUrl = receiver.refine((url) => !URL.canParse(url) || !new URL(url).host.includes('$'), {
  error: 'must have no placeholder in its host',
});

export const webhook = z
  .strictObject({
    url: receiver.describe('Without user name and password.'),
    events: z.array(jobEventName).min(1).max(JOB_EVENTS.length).optional().describe('Default: all.'),
  })
  .meta({
    id: 'Webhook',
    description: "A job's own webhook. Events of the account are the tenant's, and go to its default webhook.",
  });

export const defaultWebhook = z
  .strictObject({
    url: receiver.nullable().describe('Without user name and password; null: none.'),
    events: z.array(webhookEventName).min(1).max(EVENTS.length).optional().describe('Default: all.'),
  })
  .meta({
    id: 'DefaultWebhook',
    description: 'Where the events of jobs without a webhook go, and those of the account.',
  });

/** The body of `POST /v1/webhooks/test`. */
export const webhookTest = z
  .strictObject({ url: receiver.describe('Without user name and password.') })
  .meta({ id: 'WebhookTest' });

/** Why a receiver gave no answer. */
export const DELIVERY_ERRORS = {
  no_address: 'The host has no address, or none outside private networks.',
  connection_refused: 'Nothing listens at that address.',
  connection_failed: 'The connection could not be made, or broke.',
  tls: 'The certificate is not valid for this host.',
  timeout: 'No answer within 15 s.',
} as const;

export const deliveryError = z
  .enum(Object.keys(DELIVERY_ERRORS) as [keyof typeof DELIVERY_ERRORS, ...(keyof typeof DELIVERY_ERRORS)[]])
  .meta({
    id: 'DeliveryError',
    description: Object.entries(DELIVERY_ERRORS)
      .map(([code, says]) => `\`${code}\`: ${says}`)
      .join(' '),
  });

export const deliveryAttempt = z
  .object({
    at: z.iso.datetime(),
    status: z.int().nullable(),
    error: deliveryError.nullable().describe('Why there is no status.'),
    duration_ms: z.number(),
    answer: z.string().nullable().describe('Its first 1 KB.'),
  })
  .meta({ id: 'DeliveryAttempt', description: 'One request to a receiver, and what came back.' });

/** What `POST /v1/webhooks/test` answers with. */
export const webhookTestReply = deliveryAttempt
  .extend({ id: z.string().describe('The `webhook-id` that was sent.'), url: z.string() })
  .meta({ id: 'WebhookTestReply', description: 'What came back from the receiver.' });

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export const deliveryState = z.enum(DELIVERY_STATES).meta({ id: 'DeliveryState' });

export const delivery = z
  .object({
    id: z.string().describe("The event's id."),
    event: deliveryEventName,
    job: z.string().nullable().describe('Null for an event of the account or of a watch.'),
    url: z.string(),
    status: deliveryState,
    created_at: z.iso.datetime(),
    next_attempt_at: z.iso.datetime().nullable(),
    attempts: z.array(deliveryAttempt),
  })
  .meta({ id: 'Delivery', description: 'One event on its way to one address.' });

export type Webhook = z.infer<typeof webhook>;
export type JobEventName = z.infer<typeof jobEventName>;
export type WatchEvent = z.infer<typeof watchEvent>;
export type WatchEventOf = z.infer<typeof watchEventName>;
export type AccountEventName = z.infer<typeof accountEventName>;
export type WebhookEventName = z.infer<typeof webhookEventName>;
export type DeliveryEventName = z.infer<typeof deliveryEventName>;
export type TaskHookName = z.infer<typeof taskHookName>;
export type WebhookEvent = z.infer<typeof webhookEvent>;
export type ListedEvent = z.infer<typeof listedEvent>;
export type DeliveryError = z.infer<typeof deliveryError>;
export type DeliveryAttempt = z.infer<typeof deliveryAttempt>;
export type WebhookTestReply = z.infer<typeof webhookTestReply>;
export type DefaultWebhookSetting = z.infer<typeof defaultWebhook>;
export type DeliveryState = z.infer<typeof deliveryState>;
export type DeliveryView = z.infer<typeof delivery>;
