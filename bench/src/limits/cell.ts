import { setTimeout as sleep } from 'node:timers/promises';
import { fairness, type Limits, type Observation } from './counter.js';
import { permitScriptCalls } from './script-calls.js';
import type { Service } from './service.js';
import type { CountingUpstream } from './upstream.js';

export interface Cell {
  readonly perMinute: number;
  readonly limits: Limits;
  readonly latencyMs: number;
  readonly workers: number;
  readonly measureMs: number;
}

export interface Measured {
  readonly seen: Observation;
  readonly scriptsPerPermit: number;
  readonly fairness: number;
}

const WARM_UP_MS = 2_000;
/** Long enough for some hundred permits in most cells. Not longer, because MONITOR slows Redis down. */
const LISTEN_MS = 4_000;

/** Runs a job of one-page rows, measures its steady part and cancels it. */
export async function measureCell(cell: Cell, service: Service, upstream: CountingUpstream): Promise<Measured> {
  const { client, redisUrl } = service;
  const { latencyMs, limits, measureMs, workers } = cell;
  upstream.behave({ latencyMs, limits });
  const job = await client.submitText({ endpoint: 'referring_domains' }, rowsFor(cell));
  await firstArrival(upstream);
  await sleep(Math.max(WARM_UP_MS, 1.1 * latencyMs));
  const [seen, scriptsPerPermit] = await Promise.all([
    upstream.during(measureMs),
    scriptCalls(redisUrl, upstream, Math.min(measureMs, Math.max(LISTEN_MS, 3 * latencyMs))),
  ]);
  const { rows } = await client.job(job.id);
  if (rows.pending === 0) throw new Error('the job was done before the measurement was');
  await client.cancel(job.id);
  await client.waitFor(job.id);
  return { seen, scriptsPerPermit, fairness: fairness(seen.byCaller, workers) };
}

/** The most calls a second that the account allows. */
export function idealRate({ perMinute, inFlight }: { perMinute: number; inFlight: number }, latencyMs: number): number {
  return Math.min(perMinute / 60, (1000 * inFlight) / latencyMs);
}

/** More rows than can be done during the measurement. */
function rowsFor({ perMinute, limits, latencyMs, measureMs }: Cell): string {
  const seconds = (WARM_UP_MS + 2 * latencyMs + measureMs) / 1000;
  const rate = idealRate({ perMinute, inFlight: limits.inFlight }, 0.9 * latencyMs);
  return targets(Math.ceil(1.2 * rate * seconds) + 100).join('\n');
}

export function targets(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `site-${index + 1}.com`);
}

async function firstArrival(upstream: CountingUpstream): Promise<void> {
  for (let waited = 0; upstream.arrivals === 0; waited++) {
    if (waited > 1200) throw new Error('no call has reached the upstream for a minute');
    await sleep(50);
  }
}

async function scriptCalls(redisUrl: string, upstream: CountingUpstream, ms: number): Promise<number> {
  const before = upstream.arrivals;
  const calls = await permitScriptCalls(redisUrl, ms);
  return calls / (upstream.arrivals - before);
}
