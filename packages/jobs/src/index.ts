export { type Aftermath, type Change, createAftermath } from './aftermath.js';
export { type ApiKeys, createApiKeys, isMadeKey, type StoredApiKey } from './api-keys.js';
export type { Bound } from './bound/facts.js';
export { type AttemptFate, type CallLedger, createCallLedger, type LedgerCall } from './call-ledger.js';
export { type Calls, createCalls, type LiveCall, type SettledCalls } from './calls.js';
export { type Capacities, type Capacity, createCapacities } from './capacity.js';
export { type ChangedEndpoints, createChangedEndpoints } from './changed-endpoints.js';
export { type Changes, watchChanges } from './changes.js';
export { connectClient, connectConsumer, connectSubscriber, whenReady } from './connection.js';
export { createDeliveries, type Deliveries, type Delivery } from './deliveries.js';
export { createDispatcher, type Dispatcher } from './dispatcher.js';
export {
  createEvents,
  type EventPlace,
  type Events,
  eventView,
  listedEventView,
  placeOfId,
  type StoredEvent,
} from './events.js';
export {
  type BoundKey,
  CLAIM_MS,
  createIdempotencyKeys,
  heldKey,
  type IdempotencyKeys,
  type KeyClaim,
} from './idempotency.js';
export { attemptTag, isJobId, newJobId, type Sending, sendingOf } from './ids.js';
export { createInstallation, type Installation } from './installation.js';
export { type CallRef, callFromName, callLease, jobFromName, type Keys, keysOf } from './keys.js';
export {
  createLedger,
  type Deferral,
  type JobAction,
  type Ledger,
  type LossCount,
  type RetryReply,
  type TransitionReply,
} from './ledger.js';
export { createOrphans, type Orphans } from './orphans.js';
export { type Ahead, createOutlooks, type Outlook, type Outlooks } from './outlook.js';
export { createPermits } from './permit/create-permits.js';
export type { Grant } from './permit/grant.js';
export { createOutage, isOutageReason, OUTAGE_REASONS, type Outage, type OutageReason } from './permit/outage.js';
export { type AccountLimits, type Health, type LimitMet, type Permits, WAIT_REASONS } from './permit/permits.js';
export { sendInterval } from './permit/send-interval.js';
export { type PackedCalls, packTargets, planCalls } from './planning/calls.js';
export { createDistinctTargets, type DistinctTargets, type TargetNumbers } from './planning/distinct-targets.js';
export { type Estimate, estimateJob, estimateLists, type ListLengths } from './planning/estimate.js';
export { itemLimit, MOST_CALLS } from './planning/item-limit.js';
export { boundAhead, callsPerSecond, durationMs, usefulWorkers } from './planning/pace.js';
export { costOf, highestCost, type Prices } from './planning/prices.js';
export { createTargetList, type TargetList } from './planning/target-list.js';
export { createTurns, inTurns, type Turn } from './planning/turns.js';
export { createPriceList, type PriceList } from './price-list.js';
export {
  type Consumer,
  consume,
  createQueues,
  type Message,
  type QueueName,
  type Queues,
} from './queues.js';
export {
  type AcceptedCounts,
  type JobBounds,
  type JobDescription,
  type JobRecord,
  RETENTION_DAYS,
  refOf,
  type WebhookTarget,
} from './records.js';
export { FULL_REDIS, RedisTrouble } from './redis-health.js';
export { watchRedis } from './redis-watch.js';
export { createRemovals, type RemovalReply, type Removals } from './removals.js';
export { createRequestLimits, type RequestLimits, type RequestShare } from './request-limits.js';
export { codesOf, type RetryChoice } from './retry-choice.js';
export { type RunScript, scriptsOn } from './scripts.js';
export { sharedSettings } from './settings.js';
export { recordDamage, type SettledAnswers, settledAnswers } from './settled-answers.js';
export type { Attempt, CostId, Settlement } from './settlement.js';
export { createStandings, type Standing, type Standings } from './standing.js';
export type { Standstill } from './standstill.js';
export { createJobStore, type JobStore } from './store.js';
export { createSweeps, type Sweeps } from './sweeps.js';
export { createTenants, type TenantBudget, type Tenants } from './tenants.js';
export { createTroubles, type Troubles } from './troubles.js';
export { createUnpricedCalls, type UnpricedCall, type UnpricedCalls } from './unpriced.js';
export { createUploads, type Uploads } from './uploads.js';
export { createUsage, USAGE_KEPT_DAYS, type Usage, type UsageRow } from './usage.js';
export { isoTime, jobView } from './view.js';
export { createWebhookSettings, type DefaultWebhook, type WebhookSettings } from './webhook-settings.js';
