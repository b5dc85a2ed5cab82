export type { DeliveriesPage, EventsPage, JobsPage, ResultsPage, TagPage, TagsPage } from '@linkhaul/schemas';
export type { JobId, JobOf, ResultOf, ResultsPageOf, RowOf, SubmissionFields, SubmittedJobOf } from './by-endpoint.js';
export { createLinkhaulClient } from './client.js';
export {
  LinkhaulProblem,
  LinkhaulUnexpectedAnswer,
  LinkhaulUnreachable,
  WebhookRejected,
  type WebhookRejection,
} from './errors.js';
export type {
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
  UsageGroup,
} from './filters.js';
export type {
  EstimateOptions,
  EstimateTextOptions,
  KeyOptions,
  LinkhaulClient,
  NamedTarget,
  ReadJobOptions,
  ResumeOptions,
  RetryOptions,
  SubmitOptions,
  SubmitTextOptions,
  TagDiff,
  TagDownload,
  TagResults,
  TextListOptions,
} from './linkhaul-client.js';
export { readServiceUrl, type ServiceUrl } from './service-url.js';
export type { CallOptions, LinkhaulOptions } from './transport.js';
export type { TextBody } from './upload.js';
export { type Delivery, type VerifiedDelivery, verifyWebhook } from './verify-webhook.js';
export type { WaitOptions } from './wait.js';
