export { type Aftermath, type Change, createAftermath } from './call/aftermath.js';
export type { AttemptFate } from './call/attempt-fates.js';
export type { CallList } from './call/call-list.js';
export type { CallReader, LiveCall, SettledCalls } from './call/call-reader.js';
export type { ChangedEndpoints } from './call/changed-endpoints.js';
export { createDispatcher, type Dispatcher } from './call/dispatcher.js';
export type { Deferral, Ledger, LossCount } from './call/ledger.js';
export type { ListedCall } from './call/listed-call.js';
export { createOrphans, type Orphans } from './call/orphans.js';
export type { PriceList } from './call/price-list.js';
export { createRecordLock, type RecordLock } from './call/record-lock.js';
export { recordDamage, type SettledAnswers, settledAnswers } from './call/settled-answers.js';
export type { Attempt, CostId, Reused, Settlement } from './call/settlement.js';
export type { UnpricedCall, UnpricedCalls } from './call/unpriced.js';
export type { Deliveries, Delivery } from './events/deliveries.js';
export {
  type EventPlace,
  type Events,
  eventBody,
  listedEventView,
  placeOfId,
  type StoredEvent,
} from './events/events.js';
export type { HooksDue } from './events/hooks-due.js';
export type { Bound } from './job/bound/facts.js';
export { type Changes, watchChanges } from './job/changes.js';
export {
  type JobBounds,
  type JobDescription,
  type PageBegin,
  RETENTION_DAYS,
  refOf,
  type TasksOfJob,
  type WebhookTarget,
} from './job/description.js';
export { type BoundKey, heldKey, type IdempotencyKeys, type KeyClaim } from './job/idempotency.js';
export { attemptTag, isJobId, newJobId, newListId, sendingOf } from './job/ids.js';
export { type Ahead, createJobMonitor, type JobMonitor, type JobPace } from './job/job-monitor.js';
export type { JobAction, JobSteps, RetryReply, TransitionReply } from './job/job-steps.js';
export type { AcceptedCounts } from './job/new-job.js';
export type { JobRecord } from './job/records.js';
export type { Removals } from './job/removals.js';
export { codesOf, type RetryChoice } from './job/retry-choice.js';
export type { Series, SeriesPoint, SeriesReader } from './job/series.js';
export { MOVING_STATUSES, type Standstill } from './job/standstill.js';
export type { JobStore } from './job/store.js';
export { placeOfTask, taskId } from './job/task-ids.js';
export type { TaskIndex, TimeRange } from './job/task-index.js';
export type { Totals, TotalsReader } from './job/totals.js';
export { isoTime, jobView } from './job/view.js';
export { type CallRef, callFromName, callLease, jobFromName, type Keys, keysOf } from './keys.js';
export { type AccountJobs, type Jobs, openAccountJobs, openJobs } from './open-jobs.js';
export type { Capacities, Capacity } from './permit/capacity.js';
export { createPermits } from './permit/create-permits.js';
export type { Grant } from './permit/grant.js';
export {
  createOutage,
  isOutageReason,
  LONGEST_WAIT_MS,
  OUTAGE_REASONS,
  type Outage,
  type OutageReason,
} from './permit/outage.js';
export { boundAhead, callsPerSecond, durationMs, usefulWorkers } from './permit/pace.js';
export type { AccountLimits, Health, Permits } from './permit/permits.js';
export { sendInterval } from './permit/send-interval.js';
export type { WorkerReports } from './permit/worker-reports.js';
export { packApart } from './planning/apart.js';
export { type PackedCalls, packTargets, planCalls } from './planning/calls.js';
export { createDistinctTargets } from './planning/distinct-targets.js';
export { type Estimate, estimateJob, estimateLists, type ListLengths } from './planning/estimate.js';
export { itemLimit, MOST_CALLS } from './planning/item-limit.js';
export { costOf, highestCost, type Prices } from './planning/prices.js';
export { createSlices, type EndSlice, inSlices } from './planning/slices.js';
export { createTargetList, type TargetList } from './planning/target-list.js';
export { type Access, accessTo } from './redis/access.js';
export { connectClient, connectConsumer, connectSubscriber, whenReady } from './redis/connection.js';
export { FULL_REDIS, RedisTrouble } from './redis/health.js';
export { createInstallation, type Installation } from './redis/installation.js';
export { type Consumer, consume, type Message, type QueueName, type Queues } from './redis/queues.js';
export { connectReplicas, type Replicas } from './redis/replicas.js';
export { watchRedis } from './redis/watch.js';
export { expectedHints } from './reuse/expected-hints.js';
export { type Asking, type Question, questionOf } from './reuse/question.js';
export type { Hint, NotedAnswer, ReuseIndex, Wanted } from './reuse/reuse-index.js';
export { bucketCredentials, redisOf, sharedSettings, storageOf } from './settings.js';
export { type CatchUp, type CaughtUp, createCatchUp } from './snapshot/catch-up.js';
export type { Recovery, RecoveryState } from './snapshot/recovery.js';
export { ClaimOver, claimRecovery, type RecoveryClaim } from './snapshot/recovery-claim.js';
export { createRestoration, type Restoration } from './snapshot/restoration.js';
export { createSnapshots, type Snapshots } from './snapshot/snapshots.js';
export { type ApiKeys, isMadeKey, type StoredApiKey } from './tenant/api-keys.js';
export type { LiveRequest, LiveRequests } from './tenant/live-requests.js';
export { HOUR_MS, hourOf, type Problem, type Problems } from './tenant/problems.js';
export type { RequestLimits, RequestShare } from './tenant/request-limits.js';
export type { TenantBudget, Tenants } from './tenant/tenants.js';
export type { Uploads } from './tenant/uploads.js';
export type { Usage, UsageRow } from './tenant/usage.js';
export type { DefaultWebhook, WebhookSettings } from './tenant/webhook-settings.js';
export { type Timing, timingOf } from './timing.js';
export { runView } from './watch/run-view.js';
export { faultOf, type ScheduleFault, shortestInterval } from './watch/schedule.js';
export type { KeptRun, WatchDoc, WatchList, WatchTarget } from './watch/watch-doc.js';
export type { WatchEventData } from './watch/watch-event.js';
export type { OpenRun, Watches, WatchRecord, WatchRef } from './watch/watches.js';
