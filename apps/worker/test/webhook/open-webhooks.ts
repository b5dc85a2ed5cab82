import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Courier, createCourier } from '@linkhaul/client';
import { type connectClient, createOutage, type Keys, newJobId, type WebhookTarget } from '@linkhaul/jobs';
import { createLogger, watchProcess } from '@linkhaul/runtime';
import type { JobRef } from '@linkhaul/storage';
import { onTestFinished } from 'vitest';
import { createWorkerMetrics } from '../../src/metrics.js';
import type { Services } from '../../src/services.js';
import { createStorageGate } from '../../src/storage-gate/storage-gate.js';
import { DESCRIPTION } from '../job-description.js';
import { openTestJobs } from '../open-jobs.js';
import { workerEnv } from '../worker-env.js';

export interface Webhooks {
  readonly services: Pick<
    Services,
    | 'env'
    | 'store'
    | 'jobSteps'
    | 'outage'
    | 'events'
    | 'deliveries'
    | 'webhooks'
    | 'queues'
    | 'uploads'
    | 'logger'
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
    metrics,
    env: workerEnv(),
    outage: createOutage(access, { account: 'acme', host: 'upstream.test' }),
    courier,
    logger: createLogger('test', 'silent'),
  };
  return { services, redis: access.redis, keys: access.keys };
}

/** A job without calls, so that it can be closed at once. */
export async function emptyJob(
  { services: { store, jobSteps, uploads } }: Webhooks,
  webhook: WebhookTarget | null,
  tenant = 'tenant',
): Promise<JobRef> {
  const job = { tenant, id: newJobId(Date.now()) };
  await uploads.begin(job);
  await store.accept({
    description: { ...TOLD, ...job, createdAt: Date.now(), webhook },
    by: tenant,
    counts: { valid: 0, invalid: 1, duplicates: 0, estimatedNanos: 0 },
    bounds: { maxCost: null, deadline: null },
  });
  await jobSteps.planned(job, { roots: 0, callsPerPart: 1, manual: false });
  return job;
}

interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver of webhooks. `answer` gets the number of each request, from 1. */
export async function startReceiver(answer: (response: ServerResponse, number: number) => void) {
  const seen: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    seen.push({ path: request.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') });
    server.emit('seen');
    answer(response, seen.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    url: `http://127.0.0.1:${port}/hook`,
    /** Ends every connection that has no answer yet. */
    hangUp: () => server.closeAllConnections(),
    async received(requests: number) {
      while (seen.length < requests) await once(server, 'seen');
    },
  };
}

const TOLD = {
  ...DESCRIPTION,
  metadata: { team: 'seo' },
  upstreamHost: 'upstream.test',
  rowParts: 0,
  invalidParts: 1,
} as const;
