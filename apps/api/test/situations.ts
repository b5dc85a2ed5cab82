import type { Situation } from '../src/openapi/operation.js';
import { EXAMPLE_BASE_JOB, EXAMPLE_JOB } from '../src/openapi/parameters.js';
import { finishedListJob } from './finished-job.js';
import { jobOf, postJson } from './http.js';
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
  'two runs': async (service) => ({
    [EXAMPLE_BASE_JOB]: await finishedJob(service),
    [EXAMPLE_JOB]: await finishedJob(service),
  }),
  worker: async ({ services }) => {
    const { capacities, env } = services;
    await capacities.announce(env.upstreamHost, 'acme', { maxPerMinute: 2000, maxInFlight: 30, leaseMs: 1000 });
    return {};
  },
};

async function finishedJob(service: Service): Promise<string> {
  const url = await finishedListJob(service, 'weekly');
  return url.slice(url.lastIndexOf('/') + 1);
}
