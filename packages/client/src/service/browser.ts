// Everything of the client that also runs in a browser: neither this file nor its imports need Node.
export type { DeliveriesPage, EventsPage, JobsPage, ResultsPage, TagPage, TagsPage } from '@linkhaul/schemas';
export type { JobId, JobOf, ResultOf, ResultsPageOf, RowOf, SubmissionFields, SubmittedJobOf } from './by-endpoint.js';
export { createLinkhaulClient, type LinkhaulClient } from './client.js';
export {
  LinkhaulProblem,
  LinkhaulUnexpectedAnswer,
  LinkhaulUnreachable,
} from './errors.js';
export type { JobsChange } from './job-states.js';
export type { JobsFilter, ReadJobOptions, ResumeOptions, RetryOptions } from './methods/jobs.js';
export type { KeyOptions } from './methods/keys.js';
export type {
  CallsFilter,
  DownloadFilter,
  ResultsPageFilter,
  RowsDownloadFilter,
  RowsFilter,
} from './methods/results.js';
export type {
  EstimateOptions,
  EstimateTextOptions,
  NamedTarget,
  SubmitOptions,
  SubmitTextOptions,
  TextListOptions,
} from './methods/submit.js';
export type {
  DiffDownloadFilter,
  DiffFilter,
  TagDiff,
  TagDownload,
  TagDownloadFilter,
  TagFilter,
  TagResults,
  TagResultsFilter,
} from './methods/tags.js';
export type {
  AdoptOptions,
  ProblemsFilter,
  RecoverOptions,
  UsageDownloadFilter,
  UsageFilter,
  UsageGroup,
} from './methods/usage.js';
export type { WatchFields } from './methods/watches.js';
export type { DeliveriesFilter, EventsFilter } from './methods/webhooks.js';
export type { CallOptions, PageOptions } from './request.js';
export { readServiceUrl, type ServiceUrl } from './service-url.js';
export type { LinkhaulOptions } from './transport.js';
export type { TextBody } from './upload.js';
export type { WaitOptions } from './wait.js';
