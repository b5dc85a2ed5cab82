import type { Upstream } from '@linkhaul/client';
import type {
  Aftermath,
  Calls,
  Capacities,
  ChangedEndpoints,
  Deliveries,
  Dispatcher,
  Events,
  Installation,
  JobStore,
  Ledger,
  Orphans,
  Outage,
  Permits,
  PriceList,
  Queues,
  Removals,
  Sweeps,
  Troubles,
  UnpricedCalls,
  WebhookSettings,
} from '@linkhaul/jobs';
import type { Logger } from '@linkhaul/runtime';
import type { Backend } from '@linkhaul/storage';
import type { JobSource } from './cache/job-source.js';
import type { WorkerEnv } from './env.js';
import type { WorkerMetrics } from './metrics.js';
import type { StorageGate } from './storage-gate/storage-gate.js';
import type { StorageWatch } from './storage-gate/watch-storage.js';

/** What the stages work with; built in app.ts, passed as plain arguments. */
export interface Services {
  readonly env: WorkerEnv;
  readonly worker: string;
  /** The name of the upstream's account, which all workers with its credentials share. */
  readonly account: string;
  readonly logger: Logger;
  readonly storage: Backend;
  readonly store: JobStore;
  readonly source: JobSource;
  readonly ledger: Ledger;
  readonly removals: Removals;
  readonly calls: Calls;
  readonly unpriced: UnpricedCalls;
  readonly permits: Permits;
  readonly capacities: Capacities;
  readonly outage: Outage;
  readonly changedEndpoints: ChangedEndpoints;
  readonly sweeps: Sweeps;
  readonly aftermath: Aftermath;
  readonly orphans: Orphans;
  readonly troubles: Troubles;
  readonly prices: PriceList;
  readonly queues: Queues;
  readonly dispatcher: Dispatcher;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly webhooks: WebhookSettings;
  readonly upstream: Upstream;
  readonly installation: Installation;
  readonly storageGate: StorageGate;
  readonly storageWatch: StorageWatch;
  readonly metrics: WorkerMetrics;
  /** No new call is begun once this is aborted. */
  readonly draining: AbortSignal;
  /** Calls in flight are given up once this is aborted. */
  readonly stopping: AbortSignal;
}
