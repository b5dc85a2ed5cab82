import { setTimeout as sleep } from 'node:timers/promises';
import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import { table } from '../figures.js';
import { targets } from '../limits/cell.js';
import { fairness } from '../limits/counter.js';
import { type Environment, type Say, withService } from '../limits/service.js';
import { startUpstream } from '../limits/upstream.js';

/** Rows of each tenant's job; each row is a call. */
const SIZES = [1, 5, 20, 100, 500, 5_000, 20_000, 100_000, 300_000, 1_000_000];
const PER_MINUTE = 10_000;
const IN_FLIGHT = 30;
const LATENCY_MS = 200;
const WORKERS = 2;
/** By then the small jobs are done, and the others have full queues. */
const SMALL_DONE_MS = 60_000;
const MEASURE_MS = 60_000;
const NEWCOMERS = 20;
const NEWCOMER_EVERY_MS = 1_000;
const WITHIN_MS = 60_000;

interface Tenant {
  readonly name: string;
  readonly rows: number;
  readonly client: LinkhaulClient;
}

/** Ten tenants of very different sizes share one account. Measures their shares, and how long newcomers wait. */
export async function benchTenants(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const sent = new Map<string, { calls: number; first: number }>();
  let arrivals = 0;
  const upstream = await startUpstream((tag = '') => {
    arrivals++;
    const [job = ''] = tag.split('.');
    const known = sent.get(job) ?? { calls: 0, first: arrivals };
    sent.set(job, { ...known, calls: known.calls + 1 });
  });
  upstream.behave({ latencyMs: LATENCY_MS, limits: { inFlight: IN_FLIGHT, windows: [] } });
  const names = [...SIZES.map((_, at) => `tenant-${at + 1}`), 'newcomer'];
  const settings = { LINKHAUL_API_KEYS: names.map((name) => `${name}:${keyOf(name)}`).join(',') };
  const options = {
    env,
    say,
    upstreamUrl: upstream.url,
    workers: WORKERS,
    perMinute: PER_MINUTE,
    inFlight: IN_FLIGHT,
    settings,
  };
  const callsOf = (job: string) => sent.get(job)?.calls ?? 0;
  try {
    return await withService(options, async ({ url }) => {
      const clientOf = (name: string) => createLinkhaulClient({ baseUrl: url, apiKey: keyOf(name) });
      const tenants = SIZES.map((rows, at): Tenant => {
        const name = `tenant-${at + 1}`;
        return { name, rows, client: clientOf(name) };
      });
      const jobs = await Promise.all(tenants.map(submit));
      await sleep(SMALL_DONE_MS);
      const before = jobs.map(callsOf);
      const waits: number[] = [];
      const end = performance.now() + MEASURE_MS;
      for (let one = 0; one < NEWCOMERS; one++) {
        const from = arrivals;
        const { id } = await clientOf('newcomer').submitText({ endpoint: 'referring_domains' }, `new-${one}.com`);
        waits.push(await callsBefore(() => sent.get(id)?.first ?? null, from));
        await sleep(NEWCOMER_EVERY_MS);
      }
      await sleep(Math.max(0, end - performance.now()));
      const shares = jobs.map((job, at) => callsOf(job) - (before[at] ?? 0));
      const full = shares.filter((_, at) => callsOf(jobs[at] ?? '') < (SIZES[at] ?? 0));
      const rows = tenants.map(({ name, rows: size }, at) => [name, String(size), String(shares[at] ?? 0)]);
      for (const line of table([['tenant', 'rows', `calls in ${MEASURE_MS / 1000} s`], ...rows])) say(line);
      const figures = {
        'tenants with full queues': String(full.length),
        "Jain's index over them": fairness(full, full.length).toFixed(4),
        "most calls of others before a newcomer's first": String(Math.max(...waits)),
      };
      for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`);
      return [figures];
    });
  } finally {
    upstream.close();
  }
}

function keyOf(name: string): string {
  return `key-of-${name}-for-the-benchmark`;
}

async function submit({ client, rows }: Tenant): Promise<string> {
  return (await client.submitText({ endpoint: 'referring_domains' }, targets(rows).join('\n'))).id;
}

/** How many calls reached the upstream between the newcomer's submission and its first call. */
async function callsBefore(first: () => number | null, from: number): Promise<number> {
  const end = performance.now() + WITHIN_MS;
  while (first() === null && performance.now() < end) await sleep(5);
  return (first() ?? Number.POSITIVE_INFINITY) - from - 1;
}
