import type { Upstream } from '@linkhaul/client';
import type { AccountJobs, Installation, Jobs, Snapshots } from '@linkhaul/jobs';
import type { Logger, Tracing } from '@linkhaul/runtime';
import type { Backend } from '@linkhaul/storage';
import type { JobSource } from './cache/job-source.js';
import type { WorkerEnv } from './env.js';
import type { WorkerMetrics } from './metrics.js';
import type { Questions } from './reuse/questions.js';
import type { StorageGate } from './storage-gate/storage-gate.js';
import type { StorageWatch } from './storage-gate/watch-storage.js';

/** The services of the stages. Built in app.ts and passed as a plain argument. */
export interface Services extends Jobs, AccountJobs {
  readonly env: WorkerEnv;
  readonly worker: string;
  /** The name of the upstream's account, which all workers with its credentials share. */
  readonly account: string;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly storage: Backend;
  readonly source: JobSource;
  readonly questions: Questions;
  readonly upstream: Upstream;
  readonly installation: Installation;
  readonly snapshots: Snapshots;
  readonly storageGate: StorageGate;
  readonly storageWatch: StorageWatch;
  readonly metrics: WorkerMetrics;
  /** Aborted when the worker begins to drain: no new call is started. */
  readonly draining: AbortSignal;
  /** Aborted when the drain has run out of time: calls in flight are given up. */
  readonly stopping: AbortSignal;
}
