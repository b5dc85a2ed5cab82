import type {
  ApiKeyView,
  CapacityView,
  DefaultWebhookSetting,
  DeliveryView,
  Job,
  NewApiKey,
  Result,
  Row,
  ShownApiKey,
  WebhookTestReply,
} from '@linkhaul/schemas';
import type { DeliveriesPage, EventsPage, JobsPage, ResultsPage, TagPage } from './answers.js';
import type {
  DeliveriesFilter,
  EventsFilter,
  JobsFilter,
  ResultsPageFilter,
  RowsFilter,
  TagFilter,
  TagResultsFilter,
} from './filters.js';
import type { CallOptions } from './transport.js';
import type { SubmissionFields, TextBody } from './upload.js';
import type { WaitOptions } from './wait.js';

/** A target with the caller's own name for its row. */
export interface NamedTarget {
  readonly target: string;
  readonly id: string;
}

export interface SubmitOptions extends CallOptions {
  /** Makes a submission safe to send again: the same key gives the same job. */
  readonly idempotencyKey?: string;
}

export interface SubmitTextOptions extends SubmitOptions {
  readonly gzip?: boolean;
}

export interface ResumeOptions extends CallOptions {
  readonly maxCostUsd?: number;
}

export interface ReadJobOptions extends CallOptions {
  /** Answer when the job is finished, or after this long, at most 50,000. */
  readonly waitMs?: number;
}

export interface TagResults {
  /** The job that the results are of. */
  readonly job: string | null;
  readonly results: AsyncIterable<Result>;
}

/** The service over HTTP. Every method throws `LinkhaulProblem`, `LinkhaulUnreachable` or `LinkhaulUnexpectedAnswer`. */
export interface LinkhaulClient {
  /** Submits up to 100,000 targets as JSON. */
  submit(fields: SubmissionFields, targets: readonly (string | NamedTarget)[], options?: SubmitOptions): Promise<Job>;
  /** Submits up to 10,000,000 targets, a line each, as they come. */
  submitText(fields: SubmissionFields, body: TextBody, options?: SubmitTextOptions): Promise<Job>;
  job(id: string, options?: ReadJobOptions): Promise<Job>;
  jobs(filter?: JobsFilter): Promise<JobsPage>;
  cancel(id: string, options?: CallOptions): Promise<Job>;
  pause(id: string, options?: CallOptions): Promise<Job>;
  /** Goes on where it stopped, with a new budget where one is given; sets the budget of a job that runs. */
  resume(id: string, options?: ResumeOptions): Promise<Job>;
  /** Resolves with the job when nothing of it is open any more. */
  waitFor(id: string, options?: WaitOptions): Promise<Job>;
  /** The job as it is, and at each change, until it is finished. */
  states(id: string, options?: CallOptions): AsyncIterable<Job>;
  /** Every result so far, streamed. */
  results(id: string, filter?: RowsFilter): AsyncIterable<Result>;
  /** Every row so far, without data, streamed. */
  rows(id: string, filter?: RowsFilter): AsyncIterable<Row>;
  resultsPage(id: string, filter?: ResultsPageFilter): Promise<ResultsPage>;
  tag(tag: string, filter?: TagFilter): Promise<TagPage>;
  tagResults(tag: string, filter?: TagResultsFilter): Promise<TagResults>;
  /** What the upstream's account may do and does, and whether more workers would help. */
  capacity(options?: CallOptions): Promise<CapacityView>;
  /** The secret that this tenant's webhooks are signed with. */
  webhookSecret(options?: CallOptions): Promise<string>;
  /** Signs from now on with another secret, which it resolves with; the one before signs too for a day. */
  rotateWebhookSecret(options?: CallOptions): Promise<string>;
  defaultWebhook(options?: CallOptions): Promise<DefaultWebhookSetting>;
  /** Where events go of jobs that name no webhook of their own; a `url` of null: nowhere. */
  setDefaultWebhook(webhook: DefaultWebhookSetting, options?: CallOptions): Promise<DefaultWebhookSetting>;
  /** Sends one `webhook.test`, and resolves with what came back. */
  testWebhook(url: string, options?: CallOptions): Promise<WebhookTestReply>;
  deliveries(filter?: DeliveriesFilter): Promise<DeliveriesPage>;
  redeliver(id: string, options?: CallOptions): Promise<DeliveryView>;
  /** All that happened, in order. */
  events(filter?: EventsFilter): Promise<EventsPage>;
  keys(options?: CallOptions): Promise<ApiKeyView[]>;
  /** The only time that the key is shown. */
  createKey(key: NewApiKey, options?: CallOptions): Promise<ShownApiKey>;
  /** Another secret for the key; the one before counts no more. */
  rotateKey(id: string, options?: CallOptions): Promise<ShownApiKey>;
  revokeKey(id: string, options?: CallOptions): Promise<void>;
}
