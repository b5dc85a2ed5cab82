import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { type Courier, createCourier } from '@linkhaul/client';
import { type connectClient, createOutage, createSnapshots, type Keys, type WebhookTarget } from '@linkhaul/jobs';
import { createLogger, NO_TRACING, watchProcess } from '@linkhaul/runtime';
import type { JobRef } from '@linkhaul/storage';
import { onTestFinished } from 'vitest';
import { acceptJob } from '../../../../packages/jobs/test/accept-job.js';
import { createWorkerMetrics } from '../../src/metrics.js';
import type { Services } from '../../src/services.js';
import { createStorageGate } from '../../src/storage-gate/storage-gate.js';
import { openTestJobs } from '../open-jobs.js';
import { workerEnv } from '../worker-env.js';

export interface Webhooks {
  readonly services: Pick<
    Services,
    | 'env'
    | 'store'
    | 'taskIndex'
    | 'jobSteps'
    | 'outage'
    | 'events'
    | 'hooksDue'
    | 'deliveries'
    | 'webhooks'
    | 'snapshots'
    | 'queues'
    | 'uploads'
    | 'calls'
    | 'ledger'
    | 'storage'
    | 'logger'
    | 'tracing'
    | 'metrics'
  > & { readonly courier: Courier };
  readonly redis: ReturnType<typeof connectClient>;
  readonly keys: Keys;
}

/** The services that deliver events, over the real Redis. */
export async function openWebhooks(stop: { readonly stopping?: AbortSignal } = {}): Promise<Webhooks> {
  const { access, jobs } = await openTestJobs();
  const courier = createCourier(stop);
  onTestFinished(async () => {
    vitals.close();
    await courier.close();
  });
  const vitals = watchProcess();
  const metrics = createWorkerMetrics(vitals, createStorageGate());
  const services = {
    ...jobs,
    snapshots: createSnapshots(access, null),
    metrics,
    env: workerEnv(),
    outage: createOutage(access, { account: 'acme', host: 'upstream.test' }),
    courier,
    storage: workerEnv({ STORAGE_URL: pathToFileURL(tmpdir()).href }).storage.open(workerEnv().redis),
    logger: createLogger('test', 'silent'),
    tracing: NO_TRACING,
  };
  return { services, redis: access.redis, keys: access.keys };
}

/** A job without calls, so that it can be closed at once. */
export async function emptyJob(
  { services: { store, jobSteps, uploads } }: Webhooks,
  webhook: WebhookTarget | null,
  tenant = 'tenant',
): Promise<JobRef> {
  const job = await acceptJob({ store, uploads }, { invalid: 1 }, { ...TOLD, tenant, webhook });
  await jobSteps.planned(job, { roots: 0, callsPerPart: 1, manual: false });
  return job;
}

const TOLD = {
  metadata: { team: 'seo' },
  upstreamHost: 'upstream.test',
  rowParts: 0,
  invalidParts: 1,
} as const;
