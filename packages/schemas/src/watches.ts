import { z } from 'zod';
import { duration } from './durations.js';
import { inputReport } from './input-report.js';
import { job } from './jobs.js';
import { nextCursor } from './next-cursor.js';
import { MOST_USD, submission, tag } from './submission.js';
import { watchName, watchRun } from './watch-runs.js';
import { receiver, WATCH_EVENTS, watchEventName } from './webhooks.js';

const cron = z.strictObject({
  cron: z.string().max(255).describe('Five fields: minute, hour, day of the month, month, day of the week.'),
  time_zone: z.string().max(64).describe('An IANA name, such as `Europe/Berlin`.'),
});
const interval = z.strictObject({ every: duration.describe('Counted from when the watch was made.') });

/** A schedule with all its fields. */
export const schedule = z.union([cron, interval]).meta({ id: 'Schedule', description: 'By cron, or by an interval.' });

const givenSchedule = z
  .union([cron.extend({ time_zone: cron.shape.time_zone.default('UTC') }), interval])
  .describe(
    'When the list is run: by cron, or by an interval; at least five minutes apart. If daylight saving skips a local time, the first instant after it counts; a local time that comes twice counts once.',
  );

export const WATCH_PERIODS = ['day', 'week', 'month'] as const;

const watchBudget = z
  .strictObject({
    usd: z.number().positive().max(MOST_USD),
    period: z.enum(WATCH_PERIODS).describe('UTC; a week begins on Monday.'),
  })
  .describe(
    'For all runs of a period together; never exceeded. It is kept under the name, even when the watch is deleted.',
  )
  .meta({ id: 'WatchBudget' });

const amount = z.union([
  z.number().positive(),
  z.string().regex(/^(?!0+(\.0+)?%)\d{1,6}(\.\d{1,6})?%$/, 'must be a number, or a share such as "5%"'),
]);

/** When a watch sends an alert. `new`, `lost`: a row or an item or, if a field is named, its value. */
export const alertRule = z
  .strictObject({
    field: z
      .string()
      .max(255)
      .optional()
      .describe('A field of an item, such as `backlinks`; needed for `drop` and `rise`.'),
    change: z.enum(['lost', 'drop', 'rise', 'new']),
    by: amount.optional().describe('At least this much, or this share, such as `"5%"`. Default: any change.'),
    scope: z
      .enum(['row', 'total'])
      .default('row')
      .describe('Each row or item by itself; or the sum, or the number, of all that both runs know.'),
  })
  .describe('When a watch sends an alert.');

const shownRule = alertRule.extend({ scope: z.enum(['row', 'total']) }).meta({ id: 'AlertRule' });

export const watchWebhook = z
  .strictObject({
    url: receiver.describe('Without user name and password.'),
    events: z.array(watchEventName).min(1).max(WATCH_EVENTS.length).optional().describe('Default: all.'),
    format: z
      .enum(['json', 'slack'])
      .default('json')
      .describe("`slack`: a message for one of Slack's incoming webhooks."),
  })
  .describe("Where the watch's events go. Default: the tenant's default webhook.");

const shownWebhook = watchWebhook.extend({ format: z.enum(['json', 'slack']) }).meta({ id: 'WatchWebhook' });

/** The part of a watch that its jobs take over. */
const ofJob = submission.pick({
  endpoint: true,
  params: true,
  metadata: true,
  max_items_per_target: true,
  max_age: true,
  max_cost_usd: true,
  on_budget: true,
  on_invalid: true,
  retention_days: true,
  expect_rows: true,
  target_as: true,
  keep_www: true,
});

/** What `PUT /v1/watches/:name` takes, without the list, which streams beside it. */
export const watchChange = ofJob.extend({
  schedule: givenSchedule,
  tag: tag.optional().describe("The tag of its jobs. Default: the watch's name."),
  budget: watchBudget.optional(),
  alert: z.array(alertRule).max(20).default([]).describe('When `watch.alert` is sent.'),
  webhook: watchWebhook.optional(),
  of_job: z
    .string()
    .optional()
    .describe('Takes the list of this job, instead of `list`. With neither, a watch keeps the list that it has.'),
});

export const WATCH_STATUSES = ['active', 'paused'] as const;

const usd = z.number().min(0);
const count = z.int().min(0);
const time = z.iso.datetime();

export const watch = z
  .object({
    name: watchName,
    ...job.pick({
      endpoint: true,
      params: true,
      metadata: true,
      max_items_per_target: true,
      max_age: true,
      max_cost_usd: true,
      on_budget: true,
      on_invalid: true,
      retention_days: true,
      target_as: true,
      keep_www: true,
    }).shape,
    schedule,
    tag: z.string(),
    budget: watchBudget
      .extend({ committed_usd: usd.describe('Spent, unconfirmed and reserved in the present period.') })
      .nullable(),
    list: z.object({ rows: count, invalid: count, duplicates: count, estimated_usd: usd }),
    alert: z.array(shownRule),
    webhook: shownWebhook.nullable(),
    field: z.string().describe('Its main field: that of the first alert about a number, else one of the endpoint.'),
    version: count.describe('Counts its changes.'),
    status: z.enum(WATCH_STATUSES),
    created_at: time,
    changed_at: time,
    next_run_at: time.nullable().describe('Null while it is paused.'),
    run: watchRun.nullable().describe('The run under way.'),
    last_run: watchRun.nullable(),
    totals: z.array(z.number()).describe('The totals of its last 30 runs, the oldest first.'),
  })
  .meta({ id: 'Watch', description: 'A list that is run again and again.' });

/** The answer to `PUT /v1/watches/:name`. */
export const changedWatch = watch
  .extend({ input: inputReport.optional().describe('How the list was read. Missing if the list was kept.') })
  .meta({ id: 'ChangedWatch' });

/** `GET /v1/watches`. */
export const watchesPage = z.object({ watches: z.array(watch), next_cursor: nextCursor }).meta({ id: 'WatchesPage' });

/** `GET /v1/watches/:name/runs`. */
export const watchRunsPage = z
  .object({ runs: z.array(watchRun), next_cursor: nextCursor })
  .meta({ id: 'WatchRunsPage', description: 'Newest first; the last 100 are kept.' });

export type Schedule = z.infer<typeof schedule>;
export type WatchChange = z.infer<typeof watchChange>;
export type WatchBudget = z.infer<typeof watchBudget>;
export type WatchPeriod = (typeof WATCH_PERIODS)[number];
export type AlertRule = z.infer<typeof alertRule>;
export type Watch = z.infer<typeof watch>;
export type ChangedWatch = z.infer<typeof changedWatch>;
export type WatchesPage = z.infer<typeof watchesPage>;
export type WatchRunsPage = z.infer<typeof watchRunsPage>;
