import type { Redis } from 'ioredis';
import { createAftermath } from './call/aftermath.js';
import { createCallList } from './call/call-list.js';
import { createCallReader } from './call/call-reader.js';
import { createChangedEndpoints } from './call/changed-endpoints.js';
import { createDispatcher } from './call/dispatcher.js';
import { createLedger, type Ledger } from './call/ledger.js';
import { createOrphans } from './call/orphans.js';
import { createPriceList } from './call/price-list.js';
import { createRecordLock } from './call/record-lock.js';
import { createUnpricedCalls } from './call/unpriced.js';
import { createDeliveries } from './events/deliveries.js';
import { createEvents } from './events/events.js';
import { createHooksDue } from './events/hooks-due.js';
import { createIdempotencyKeys } from './job/idempotency.js';
import { createJobMonitor } from './job/job-monitor.js';
import { createJobSteps } from './job/job-steps.js';
import { createRemovals } from './job/removals.js';
import { createSeriesReader } from './job/series.js';
import { createJobStore } from './job/store.js';
import { createTaskIndex } from './job/task-index.js';
import { createTotals } from './job/totals.js';
import { createCapacities } from './permit/capacity.js';
import { createPermits } from './permit/create-permits.js';
import { createOutage } from './permit/outage.js';
import type { AccountLimits } from './permit/permits.js';
import { createWorkerReports } from './permit/worker-reports.js';
import type { Access } from './redis/access.js';
import { createQueues, type Queues } from './redis/queues.js';
import { createReuseIndex } from './reuse/reuse-index.js';
import { createRecovery } from './snapshot/recovery.js';
import { createApiKeys } from './tenant/api-keys.js';
import { createLiveRequests } from './tenant/live-requests.js';
import { createProblems } from './tenant/problems.js';
import { createRequestLimits } from './tenant/request-limits.js';
import { createTenants } from './tenant/tenants.js';
import { createUploads } from './tenant/uploads.js';
import { createUsage } from './tenant/usage.js';
import { createWebhookSettings } from './tenant/webhook-settings.js';
import { createWatches } from './watch/watches.js';

/**
 * Everything that reads and changes jobs, over one connection. No command waits while Redis is away. Close `queues` at
 * the end.
 */
export function openJobs(access: Access) {
  const queues = createQueues(access);
  const capacities = createCapacities(access);
  return {
    queues,
    capacities,
    store: createJobStore(access),
    idempotency: createIdempotencyKeys(access),
    removals: createRemovals(access),
    taskIndex: createTaskIndex(access),
    series: createSeriesReader(access),
    monitor: createJobMonitor({ ...access, capacities, queues }),
    jobSteps: createJobSteps(access),
    ledger: createLedger(access),
    calls: createCallReader(access),
    callList: createCallList(access),
    unpriced: createUnpricedCalls(access),
    changedEndpoints: createChangedEndpoints(access),
    prices: createPriceList(access),
    workerReports: createWorkerReports(access),
    totals: createTotals(access),
    events: createEvents(access),
    hooksDue: createHooksDue(access),
    deliveries: createDeliveries(access),
    webhooks: createWebhookSettings(access),
    problems: createProblems(access),
    tenants: createTenants(access),
    apiKeys: createApiKeys(access),
    requestLimits: createRequestLimits(access),
    liveRequests: createLiveRequests(access),
    uploads: createUploads(access),
    usage: createUsage(access),
    watches: createWatches(access),
    recovery: createRecovery(access),
    reuse: createReuseIndex(access),
  };
}

export type Jobs = ReturnType<typeof openJobs>;

interface AccountOptions {
  readonly queues: Queues;
  readonly ledger: Pick<Ledger, 'repeatLately'>;
  /** Receives the message that a slot is held for the worker. */
  readonly subscriber: Redis;
  readonly worker: string;
  readonly account: string;
  readonly host: string;
  readonly limits: AccountLimits;
}

/** What a worker needs in addition, to send calls of one upstream account. */
export function openAccountJobs(access: Access, { queues, ledger, worker, account, host, ...options }: AccountOptions) {
  return {
    permits: createPermits({ ...access, ...options, ledger, worker, account }),
    dispatcher: createDispatcher({ ...access, queues, worker, maxInFlight: options.limits.maxInFlight }),
    outage: createOutage(access, { account, host }),
    recordLock: createRecordLock(access, account),
    aftermath: createAftermath(access, account),
    orphans: createOrphans(access, worker),
  };
}

export type AccountJobs = ReturnType<typeof openAccountJobs>;
