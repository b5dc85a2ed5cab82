export * from './account-reasons.js';
export * from './answers/index.js';
export * from './api-keys.js';
export * from './call.js';
export * from './capacity.js';
export * from './columns.js';
export * from './diff.js';
export { duration, durationMs } from './durations.js';
export type { ItemOf, KindOf, ParamsOf } from './endpoints/by-endpoint.js';
export {
  type BulkEndpoint,
  callShapeOf,
  type Endpoint,
  isPaged,
  itemKeyOf,
  type ListEndpoint,
  type PagedEndpoint,
  type RowEndpoint,
  resultsAreItems,
  type SetEndpoint,
  type SingleEndpoint,
  TARGET_KINDS,
  type TargetKind,
} from './endpoints/endpoint.js';
export { conditionsOf, type FilterTree } from './endpoints/filter-shape.js';
export { ALL_OPERATORS, BASE_OPERATORS } from './endpoints/filters.js';
export { ENDPOINTS, type EndpointName, endpointName, endpointOf } from './endpoints/index.js';
export type { ItemKey } from './endpoints/item-key.js';
export { pageIntersectionLink } from './endpoints/page-intersection.js';
export { MAX_TAG_LENGTH } from './endpoints/params.js';
export {
  type GroupRange,
  HISTORY_SINCE,
  monthsWithin,
  type Period,
  periodsOf,
  SERIES_SINCE,
  today,
} from './endpoints/periods.js';
export { requestOf } from './endpoints/request.js';
export {
  STATUS_OK,
  type UpstreamEnvelope,
  type UpstreamResult,
  type UpstreamTask,
  upstreamEnvelope,
  upstreamResult,
} from './envelope.js';
export * from './error-codes.js';
export * from './estimate.js';
export * from './graph-origin.js';
export { type BodyBytes, GZIP_TELLS, isGzip } from './gzip.js';
export * from './id-list.js';
export * from './input-report.js';
export { groupJobs, type JobGroup, rowsOfGroup } from './job-groups.js';
export * from './jobs.js';
export * from './manifest.js';
export { mapsToPairs } from './maps.js';
export * from './money.js';
export { nearest } from './nearest.js';
export * from './pages.js';
export * from './problems.js';
export * from './problems-met.js';
export * from './recovery.js';
export * from './rows.js';
export * from './series.js';
export * from './storage.js';
export {
  MAX_METADATA_PAIRS,
  MOST_RETENTION_DAYS,
  MOST_USD,
  RESERVED_PARAMS,
  type Retrial,
  resumption,
  retrial,
  type Submission,
  submission,
  tag,
} from './submission.js';
export * from './tag-target.js';
export { explainInvalid } from './targets/explain-invalid.js';
export { explainHint, type Hint, type HintCode, hintOf } from './targets/hints.js';
export { hostOf, isPage, judgeHost, registrableDomain } from './targets/hosts.js';
export { type KeyPlace, placeKey } from './targets/key-place.js';
export { matchKey } from './targets/match-key.js';
export { normaliseTarget } from './targets/normalise.js';
export { rowNormaliser } from './targets/normalise-row.js';
export { EXCLUDED_MARK, membersOf, type SetMembers } from './targets/normalise-set.js';
export type { Normalised, NormaliseOptions } from './targets/normalised.js';
export { parseUrl } from './targets/parse-url.js';
export { trimRow } from './targets/row-text.js';
export * from './tenant.js';
export { rfc3339 } from './times.js';
export * from './usage.js';
export { accountBalance, type PublishedPrices, publishedOrigin, publishedPrices } from './user-data.js';
export * from './watch-runs.js';
export * from './watches.js';
export * from './webhooks.js';
