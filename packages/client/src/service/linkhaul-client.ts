import type {
  ApiKeyView,
  CallsPage,
  CapacityView,
  Change,
  DefaultWebhookSetting,
  DeliveriesPage,
  DeliveryView,
  DiffSummary,
  EndpointName,
  EstimateView,
  EventsPage,
  JobsPage,
  Manifest,
  NewApiKey,
  RowErrorCode,
  ShownApiKey,
  StorageAdoption,
  TagPage,
  TagsPage,
  Tenant,
  TenantChange,
  UsagePage,
  WebhookTestReply,
} from '@linkhaul/schemas';
import type {
  AnyJobId,
  JobId,
  JobOf,
  ResultOf,
  ResultsPageOf,
  RowOf,
  SubmissionFields,
  SubmittedJobOf,
} from './by-endpoint.js';
import type {
  CallsFilter,
  DeliveriesFilter,
  DiffDownloadFilter,
  DiffFilter,
  DownloadFilter,
  EventsFilter,
  JobsFilter,
  PageOptions,
  ResultsPageFilter,
  RowsDownloadFilter,
  RowsFilter,
  TagDownloadFilter,
  TagFilter,
  TagResultsFilter,
  UsageDownloadFilter,
  UsageFilter,
} from './filters.js';
import type { CallOptions } from './transport.js';
import type { TextBody } from './upload.js';
import type { WaitOptions } from './wait.js';

/** A target with the caller's own name for its row. */
export interface NamedTarget {
  readonly target: string;
  readonly id: string;
}

export interface SubmitOptions extends CallOptions {
  /** Makes a submission safe to send again: the same key gives the same job. */
  readonly idempotencyKey?: string;
  /** The key stood for a job already: it is what the submission resolves with, as it is now. */
  readonly onReplayed?: () => void;
}

/** How a list is written, and how it travels. */
export interface TextListOptions extends CallOptions {
  /** `text`, unless told: a target a line. `ndjson`: a string, or an object of `target` and `id`, a line. */
  readonly format?: 'text' | 'csv' | 'ndjson';
  /** Of CSV: the column of the targets, by its name or its number from 1. */
  readonly column?: string | number;
  /** Of CSV: the column of your own ids. */
  readonly idColumn?: string | number;
  /** What stands between the columns, found out unless told; `none`: each line is one target, though it looks like columns. */
  readonly separator?: ',' | ';' | 'tab' | '|' | 'none' | 'auto';
  /** Of text and CSV: its encoding, where it is not UTF-8 and has no byte order mark, such as `windows-1252`. */
  readonly charset?: string;
  /** Of CSV: whether the first line has the columns' names; found out unless told. */
  readonly header?: boolean;
  /** True: packed on the way. `already`: the list is gzip as it comes. */
  readonly gzip?: boolean | 'already';
}

export interface SubmitTextOptions extends SubmitOptions, TextListOptions {}

export interface EstimateOptions extends CallOptions {
  /** Buys an item a target to learn the lists' sizes; needs `max_cost_usd`. */
  readonly probe?: boolean;
  /** How long a probe may take, at most 50,000; that unless told. */
  readonly waitMs?: number;
}

export interface EstimateTextOptions extends EstimateOptions, TextListOptions {}

export interface ResumeOptions extends CallOptions {
  readonly maxCostUsd?: number;
}

export interface RetryOptions extends CallOptions {
  readonly status?: readonly ('failed' | 'skipped')[];
  readonly codes?: readonly RowErrorCode[];
  /** False: rows too that will hardly succeed. */
  readonly retryableOnly?: boolean;
  /** Buys again what is `answer_unreadable`, where its kept answer still is not understood. */
  readonly buy?: boolean;
  readonly maxCostUsd?: number;
}

export interface ReadJobOptions extends CallOptions {
  /** Answer when the job is finished, or after this long, at most 50,000. */
  readonly waitMs?: number;
}

export interface KeyOptions extends CallOptions {
  /** Whose keys: needed with the admin's key, which belongs to no tenant. */
  readonly tenant?: string;
}

export interface TagResults<E extends EndpointName = EndpointName> {
  /** The job that the results are of. */
  readonly job: JobId<E> | null;
  readonly results: AsyncIterable<ResultOf<E>>;
}

export interface TagDownload {
  /** The job that the results are of. */
  readonly job: string | null;
  readonly body: ReadableStream<Uint8Array>;
}

export interface TagDiff {
  /** What was compared, and how many there are of each change. */
  readonly summary: DiffSummary;
  readonly changes: AsyncIterable<Change>;
}

/**
 * The service over HTTP. Every method throws `LinkhaulProblem`, `LinkhaulUnreachable` or `LinkhaulUnexpectedAnswer`; and what
 * is the caller's as it is: the reason of a signal, an error of a list's source.
 */
export interface LinkhaulClient {
  /** Submits up to 100,000 targets as JSON. */
  submit<E extends EndpointName>(
    fields: SubmissionFields<E>,
    targets: readonly (string | NamedTarget)[],
    options?: SubmitOptions,
  ): Promise<SubmittedJobOf<E>>;
  /** Submits up to 10,000,000 targets as they come: text, CSV or NDJSON. An error of their source is thrown as it is. */
  submitText<E extends EndpointName>(
    fields: SubmissionFields<E>,
    body: TextBody,
    options?: SubmitTextOptions,
  ): Promise<SubmittedJobOf<E>>;
  /** What a list would come to as a job; nothing runs and nothing is stored, unless with `probe`. */
  estimate<E extends EndpointName>(
    fields: SubmissionFields<E>,
    targets: readonly (string | NamedTarget)[],
    options?: EstimateOptions,
  ): Promise<EstimateView>;
  /** The same of a list that streams. */
  estimateText<E extends EndpointName>(
    fields: SubmissionFields<E>,
    body: TextBody,
    options?: EstimateTextOptions,
  ): Promise<EstimateView>;
  job<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: ReadJobOptions): Promise<JobOf<E>>;
  jobs(filter?: JobsFilter): Promise<JobsPage>;
  cancel<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: CallOptions): Promise<JobOf<E>>;
  pause<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: CallOptions): Promise<JobOf<E>>;
  /** Goes on where it stopped, with a new budget where one is given; sets the budget of a job that runs. */
  resume<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: ResumeOptions): Promise<JobOf<E>>;
  /** Runs failed and skipped rows of a finished job again, in place. */
  retry<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: RetryOptions): Promise<JobOf<E>>;
  /** Takes a finished job away, its results too. */
  remove(id: string, options?: CallOptions): Promise<void>;
  /** A page of this tenant's tags, by name. */
  tags(filter?: PageOptions): Promise<TagsPage>;
  /** Resolves with the job when nothing of it is open any more. A service that is away is waited for, for five minutes. */
  waitFor<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: WaitOptions): Promise<JobOf<E>>;
  /** The job as it is, and at each change, until it is finished. */
  states<E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: CallOptions): AsyncIterable<JobOf<E>>;
  /** Every result so far, streamed. */
  results<E extends EndpointName = EndpointName>(id: AnyJobId<E>, filter?: RowsFilter): AsyncIterable<ResultOf<E>>;
  /** Every row so far, without data, streamed. */
  rows<E extends EndpointName = EndpointName>(id: AnyJobId<E>, filter?: RowsFilter): AsyncIterable<RowOf<E>>;
  resultsPage<E extends EndpointName = EndpointName>(
    id: AnyJobId<E>,
    filter?: ResultsPageFilter,
  ): Promise<ResultsPageOf<E>>;
  /** Every result so far as a file of this form, decompressed. A cut download ends with an error, not early. */
  download(id: string, filter: DownloadFilter): Promise<ReadableStream<Uint8Array>>;
  /** Every row so far, in the same way. */
  downloadRows(id: string, filter: RowsDownloadFilter): Promise<ReadableStream<Uint8Array>>;
  /** The stored files of a finished job's results. They may have to be written first: after 50 s of that it is refused with 503. */
  manifest(id: string, options?: CallOptions): Promise<Manifest>;
  /** The ledger: a job's calls with their attempts and what each cost. */
  calls(id: string, filter?: CallsFilter): Promise<CallsPage>;
  tag(tag: string, filter?: TagFilter): Promise<TagPage>;
  tagResults<E extends EndpointName = EndpointName>(tag: string, filter?: TagResultsFilter<E>): Promise<TagResults<E>>;
  /** The same as a file. */
  downloadTagResults(tag: string, filter: TagDownloadFilter): Promise<TagDownload>;
  /** What changed between two runs of a tag. The service compares them first, which takes a minute where they are large. */
  tagDiff(tag: string, filter?: DiffFilter): Promise<TagDiff>;
  /** The same as a file. */
  downloadTagDiff(tag: string, filter: DiffDownloadFilter): Promise<ReadableStream<Uint8Array>>;
  /** What the upstream's account may do and does, and whether more workers would help. */
  capacity(options?: CallOptions): Promise<CapacityView>;
  /** What was bought, by groups of one's choice; of all tenants with the admin's key. */
  usage(filter?: UsageFilter): Promise<UsagePage>;
  /** The whole of it as CSV. */
  downloadUsage(filter?: UsageDownloadFilter): Promise<ReadableStream<Uint8Array>>;
  /** What a tenant may spend, how often it may ask, and its share of the calls. The admin's, as is the next one. */
  tenant(tenant: string, options?: CallOptions): Promise<Tenant>;
  /** Null takes a limit away; what is left out stays as it is. */
  setTenant(tenant: string, change: TenantChange, options?: CallOptions): Promise<Tenant>;
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
  /** This tenant's, or, with the admin's key, those of the one that is named; so in the next three. */
  keys(options?: KeyOptions): Promise<ApiKeyView[]>;
  /** The only time that the key is shown. */
  createKey(key: NewApiKey, options?: KeyOptions): Promise<ShownApiKey>;
  /** Another secret for the key; the one before counts no more. */
  rotateKey(id: string, options?: KeyOptions): Promise<ShownApiKey>;
  revokeKey(id: string, options?: KeyOptions): Promise<void>;
  /** The storage that is there now is this installation's: it was moved on purpose. The admin's. */
  adoptStorage(options?: CallOptions): Promise<StorageAdoption>;
}
