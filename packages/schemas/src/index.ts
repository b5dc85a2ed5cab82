export type { BulkEndpoint, Endpoint, ListEndpoint, TargetKind } from './endpoints/endpoint.ts';
export { ENDPOINTS, type EndpointName, endpointName, endpointOf } from './endpoints/index.ts';
export { requestOf } from './endpoints/request.ts';
export {
  STATUS_OK,
  type UpstreamEnvelope,
  type UpstreamResult,
  type UpstreamTask,
  upstreamEnvelope,
  upstreamResult,
} from './envelope.ts';
export * from './error-codes.ts';
export * from './id-list.ts';
export * from './jobs.ts';
export * from './money.ts';
export { nearest } from './nearest.ts';
export * from './problems.ts';
export * from './rows.ts';
export { hostOf, isPage, registrableDomain } from './targets/hosts.ts';
export { matchKey } from './targets/match-key.ts';
export { type Normalised, type NormaliseOptions, normaliseTarget } from './targets/normalise.ts';
export * from './webhooks.ts';
