export { type Aftermath, type Change, createAftermath } from './call/aftermath.js';
export { type AttemptFate, type CallLedger, createCallLedger, type LedgerCall } from './call/call-ledger.js';
export { type Calls, createCalls, type LiveCall, type SettledCalls } from './call/calls.js';
export { type ChangedEndpoints, createChangedEndpoints } from './call/changed-endpoints.js';
export { createDispatcher, type Dispatcher } from './call/dispatcher.js';
export {
  createLedger,
  type Deferral,
  type JobAction,
  type Ledger,
  type LossCount,
  type RetryReply,
  type TransitionReply,
} from './call/ledger.js';
export { createOrphans, type Orphans } from './call/orphans.js';
export { createPriceList, type PriceList } from './call/price-list.js';
export { recordDamage, type SettledAnswers, settledAnswers } from './call/settled-answers.js';
export type { Attempt, CostId, Settlement } from './call/settlement.js';
export { createSweeps, type Sweeps } from './call/sweeps.js';
export { createUnpricedCalls, type UnpricedCall, type UnpricedCalls } from './call/unpriced.js';
export { createDeliveries, type Deliveries, type Delivery } from './events/deliveries.js';
export {
  createEvents,
  type EventPlace,
  type Events,
  eventView,
  listedEventView,
  placeOfId,
  type StoredEvent,
} from './events/events.js';
export type { Bound } from './job/bound/facts.js';
export { type Changes, watchChanges } from './job/changes.js';
export {
  type BoundKey,
  CLAIM_MS,
  createIdempotencyKeys,
  heldKey,
  type IdempotencyKeys,
  type KeyClaim,
} from './job/idempotency.js';
export { attemptTag, isJobId, newJobId, type Sending, sendingOf } from './job/ids.js';
export { type Ahead, createOutlooks, type Outlook, type Outlooks } from './job/outlook.js';
export {
  type AcceptedCounts,
  type JobBounds,
  type JobDescription,
  type JobRecord,
  RETENTION_DAYS,
  refOf,
  type WebhookTarget,
} from './job/records.js';
export { createRemovals, type RemovalReply, type Removals } from './job/removals.js';
export { codesOf, type RetryChoice } from './job/retry-choice.js';
export type { Standstill } from './job/standstill.js';
export { createJobStore, type JobStore } from './job/store.js';
export { isoTime, jobView } from './job/view.js';
export { type CallRef, callFromName, callLease, jobFromName, type Keys, keysOf } from './keys.js';
export { type Capacities, type Capacity, createCapacities } from './permit/capacity.js';
export { createPermits } from './permit/create-permits.js';
export type { Grant } from './permit/grant.js';
export { createOutage, isOutageReason, OUTAGE_REASONS, type Outage, type OutageReason } from './permit/outage.js';
export { boundAhead, callsPerSecond, durationMs, usefulWorkers } from './permit/pace.js';
export { type AccountLimits, type Health, type LimitMet, type Permits, WAIT_REASONS } from './permit/permits.js';
export { sendInterval } from './permit/send-interval.js';
export { createStandings, type Standing, type Standings } from './permit/standing.js';
export { createTroubles, type Troubles } from './permit/troubles.js';
export { type PackedCalls, packTargets, planCalls } from './planning/calls.js';
export { createDistinctTargets, type DistinctTargets, type TargetNumbers } from './planning/distinct-targets.js';
export { type Estimate, estimateJob, estimateLists, type ListLengths } from './planning/estimate.js';
export { itemLimit, MOST_CALLS } from './planning/item-limit.js';
export { costOf, highestCost, type Prices } from './planning/prices.js';
export { createTargetList, type TargetList } from './planning/target-list.js';
export { createTurns, inTurns, type Turn } from './planning/turns.js';
export { connectClient, connectConsumer, connectSubscriber, whenReady } from './redis/connection.js';
export { FULL_REDIS, RedisTrouble } from './redis/health.js';
export { createInstallation, type Installation } from './redis/installation.js';
export {
  type Consumer,
  consume,
  createQueues,
  type Message,
  type QueueName,
  type Queues,
} from './redis/queues.js';
export { watchRedis } from './redis/watch.js';
export { type RunScript, scriptsOn } from './scripts.js';
export { sharedSettings } from './settings.js';
export { type ApiKeys, createApiKeys, isMadeKey, type StoredApiKey } from './tenant/api-keys.js';
export { createRequestLimits, type RequestLimits, type RequestShare } from './tenant/request-limits.js';
export { createTenants, type TenantBudget, type Tenants } from './tenant/tenants.js';
export { createUploads, type Uploads } from './tenant/uploads.js';
export { createUsage, USAGE_KEPT_DAYS, type Usage, type UsageRow } from './tenant/usage.js';
export { createWebhookSettings, type DefaultWebhook, type WebhookSettings } from './tenant/webhook-settings.js';
