import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import {
  EXAMPLE_BASE_JOB,
  EXAMPLE_EVENT,
  EXAMPLE_JOB,
  EXAMPLE_KEY,
  EXAMPLE_RECEIVER,
  EXAMPLE_STATE,
} from '../src/routes/examples.js';
import type { Situation } from '../src/routing/route.js';
import { finishedListJob } from './finished-job.js';
import { ask, jobOf, postJson, putJson } from './http.js';
import { recordDelivery } from './recorded-delivery.js';
import type { Service } from './service.js';

/** What stands in for the ids of the examples. */
export type Ids = Readonly<Record<string, string>>;

/** Brings about what an example is given. */
export const SITUATIONS: Readonly<Record<Situation, (service: Service) => Promise<Ids>>> = {
  nothing: async () => ({}),
  'queued job': async ({ url }) => {
    const body = { endpoint: 'bulk_backlinks', targets: ['a.com', 'no'], tag: 'weekly', metadata: { client: 'acme' } };
    const { id } = jobOf(await postJson(`${url}/v1/jobs`, { ...body, max_cost_usd: 10 }));
    return { [EXAMPLE_JOB]: id };
  },
  'finished job': async (service) => ({ [EXAMPLE_JOB]: await finishedJob(service) }),
  'seen job': async (service) => {
    const id = await finishedJob(service);
    const { text } = await ask(`${service.url}/v1/jobs/${id}/events`);
    return { [EXAMPLE_JOB]: id, [EXAMPLE_STATE]: /^id: (.*)$/m.exec(text)?.[1] ?? '' };
  },
  'two runs': async (service) => ({
    [EXAMPLE_BASE_JOB]: await finishedJob(service),
    [EXAMPLE_JOB]: await finishedJob(service),
  }),
  delivery: async (service) => {
    const { tenant, id } = jobOf(
      await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] }),
    );
    for (const action of ['pause', 'resume']) await ask(`${service.url}/v1/jobs/${id}/${action}`, { method: 'POST' });
    const event = await recordDelivery(service, { tenant, id }, EXAMPLE_RECEIVER);
    await ask(`${service.url}/v1/jobs/${id}/pause`, { method: 'POST' });
    await service.services.deliveries.attempted(event, { ...ATTEMPT, round: 0 }, { state: 'failed' });
    return { [EXAMPLE_JOB]: id, [EXAMPLE_EVENT]: event };
  },
  receiver: async () => ({ [EXAMPLE_RECEIVER]: await startReceiver() }),
  key: (service) => keyOf('local', service),
  'key of acme': (service) => keyOf('acme', service),
  watch: async ({ url }) => {
    const body = { endpoint: 'bulk_backlinks', schedule: { every: '7d' }, list: ['a.com', 'no'] };
    expect((await putJson(`${url}/v1/watches/weekly`, body)).status).toBe(201);
    return {};
  },
  worker: async ({ services }) => {
    const { capacities, env } = services;
    await capacities.announce(env.upstreamHost, 'acme', { maxPerMinute: 2000, maxInFlight: 30, leaseMs: 1000 });
    return {};
  },
};

const ATTEMPT = { at: new Date(0).toISOString(), status: 410, error: null, duration_ms: 1, answer: 'gone' };

async function keyOf(tenant: string, { services }: Service): Promise<Ids> {
  const made = await services.apiKeys.create(tenant, { name: 'ci', scope: 'submit' });
  return { [EXAMPLE_KEY]: made?.key.id ?? '' };
}

/** Takes whatever it is sent. */
async function startReceiver(): Promise<string> {
  const receiver = createServer((request, response) => request.resume().on('end', () => response.end('taken')));
  onTestFinished(() => void receiver.close());
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
}

async function finishedJob(service: Service): Promise<string> {
  const url = await finishedListJob(service, 'weekly');
  const id = url.slice(url.lastIndexOf('/') + 1);
  // As the worker does once its end is announced: only then it can be run again or removed.
  await service.services.store.retire({ tenant: 'local', id });
  return id;
}
