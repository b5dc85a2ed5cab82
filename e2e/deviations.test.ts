import { createLinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, type ExpectStatic, it } from 'vitest';
import { DEVIATIONS } from './deviations.js';
import { collect, nanos } from './harness.js';
import { type KeptInstallation, openInstallation } from './kept-installation.js';
import { type RecordingUpstream, startRecordingUpstream, type Write } from './recording-upstream.js';

const ENDPOINTS = { bulk_backlinks: 3, referring_domains: 1 } as const;
type EndpointName = keyof typeof ENDPOINTS;

/** Each deviation has its own tenant, because a few unreadable answers pause the jobs of their tenant. */
const tenantOf = (number: number) => `tenant-${number}`;
const keys = DEVIATIONS.map((_, number) => `${tenantOf(number)}:key-of-tenant-${number}-of-many`).join();

let upstream: RecordingUpstream;
let installation: KeptInstallation;
let stack: Awaited<ReturnType<KeptInstallation['start']>>;

/** The number in a target selects how its answer is written. */
const write: Write = (response, answer, { target, targets }) => {
  const number = /^d(\d+)-/.exec(target ?? targets?.[0] ?? '')?.[1];
  response.end(DEVIATIONS[Number(number)]?.body(answer));
};

function targetsOf(number: number, endpoint: EndpointName): string[] {
  return Array.from({ length: ENDPOINTS[endpoint] }, (_, at) => `d${number}-${at + 1}.com`);
}

beforeAll(async () => {
  upstream = await startRecordingUpstream(write);
  installation = await openInstallation(upstream.url);
  stack = await installation.start({ workers: 1, env: { LINKHAUL_API_KEYS: keys } });
});

afterAll(async () => {
  await installation.close();
  upstream.close();
});

function clientOf(number: number) {
  return createLinkhaulClient({ baseUrl: stack.apiUrl, apiKey: `key-of-tenant-${number}-of-many` });
}

/** The finished job, once its money is confirmed. */
async function run(number: number, endpoint: EndpointName, expect: ExpectStatic): Promise<Job> {
  const client = clientOf(number);
  const { id } = await client.submit({ endpoint, tag: endpoint }, targetsOf(number, endpoint));
  await client.waitFor(id);
  await expect.poll(() => client.job(id), { interval: 500 }).toMatchObject({ cost: { unconfirmed_usd: 0 } });
  return client.job(id);
}

function callsOf(id: string) {
  return upstream.calls.filter(({ task }) => task.tag.startsWith(`${id}.`));
}

describe.concurrent.each(Object.keys(ENDPOINTS) as EndpointName[])('%s', (endpoint) => {
  it.concurrent.for(DEVIATIONS.map((deviation, number) => ({ ...deviation, number })))(
    'written with $name: $outcome, and the money is that of the record',
    async ({ outcome, number }, { expect }) => {
      const job = await run(number, endpoint, expect);
      const calls = callsOf(job.id);
      const rows = ENDPOINTS[endpoint];
      const charged = calls.reduce((sum, call) => sum + call.nanos, 0);
      const results = await collect(clientOf(number).results(job.id));

      expect(nanos(job.cost.spent_usd)).toBe(charged);
      expect(calls).toHaveLength(outcome === 'lost' ? 2 : 1);
      expect(nanos(job.cost.wasted_usd)).toBe(outcome === 'lost' ? charged : 0);
      if (outcome === 'read' || outcome === 'read_later') {
        expect(job).toMatchObject({ outcome: 'complete', rows: { ok: rows, empty: 0 }, items: 3 });
        expect(results.map(({ data }) => data)).toEqual(Array.from({ length: 3 }, () => expect.any(Object)));
      } else {
        const code = outcome === 'lost' ? 'answer_lost' : 'answer_unreadable';
        expect(job).toMatchObject({ outcome: 'none', rows: { failed: rows } });
        expect(new Set(results.map(({ error }) => error?.code))).toEqual(new Set([code]));
      }
    },
  );
});
