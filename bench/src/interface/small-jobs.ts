import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { median, table } from '../figures.js';
import { targets } from '../limits/cell.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { startBulkUpstream } from './upstream.js';

const ROUNDS = 7;
const MILLION = 1_000_000;
const SMALL_ROWS = 10;
const IN_FLIGHT = 30;
const LOOK_EVERY_MS = 100;

/** The cases, by what limits the large job: the rate, the calls in flight, or two workers on this machine. */
const CASES = [
  { perMinute: 2_000, latencyMs: 200 },
  { perMinute: 10_000, latencyMs: 1_000 },
  { perMinute: 10_000, latencyMs: 20 },
] as const;

type Case = (typeof CASES)[number];

/** Measures how long a job of ten rows takes alone, and during an earlier job of a million rows. */
export async function benchSmallJobs(env: Environment, say: Say): Promise<Record<string, string>[]> {
  return benchCases(CASES, env, say);
}

/** Only the case in which this machine, not the account, limits the large job. */
export async function benchSmallJobsWhereCpuBinds(env: Environment, say: Say): Promise<Record<string, string>[]> {
  return benchCases(CASES.slice(-1), env, say);
}

async function benchCases(cases: readonly Case[], env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['ten rows', 'alone', 'beside a million', 'times', 'worst alone', 'worst beside'];
  const rows: string[][] = [];
  for (const one of cases) {
    const upstream = await startBulkUpstream(one.latencyMs);
    const options = { env, say, upstreamUrl: upstream.url, workers: 2, perMinute: one.perMinute, inFlight: IN_FLIGHT };
    try {
      rows.push(await withService(options, (service) => measure(one, service)));
    } finally {
      upstream.close();
    }
  }
  for (const line of table([heading, ...rows])) say(line);
  for (const note of NOTES) say(note);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function measure({ perMinute, latencyMs }: Case, { client, url }: Service): Promise<string[]> {
  const alone = await rounds(url);
  const big = await client.submitText({ endpoint: 'bulk_backlinks' }, targets(MILLION).join('\n'));
  for (let job = big; job.calls.done === 0; job = await client.job(big.id)) await sleep(LOOK_EVERY_MS);
  const beside = await rounds(url);
  if ((await client.job(big.id)).status !== 'running') throw new Error('the job of a million rows was done too soon');
  await client.cancel(big.id);
  const times = median(beside) / median(alone);
  return [
    `${perMinute} calls a minute, latency ${latencyMs} ms`,
    inMs(median(alone)),
    inMs(median(beside)),
    times.toFixed(2),
    inMs(Math.max(...alone)),
    inMs(Math.max(...beside)),
  ];
}

function inMs(ms: number): string {
  return `${ms.toFixed(0)} ms`;
}

async function rounds(url: string): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) took.push(await smallJob(url, round));
  return took;
}

const finished = z.object({ id: z.string(), status: z.literal('completed') });
const page = z.object({ results: z.array(z.unknown()).length(SMALL_ROWS) });

/** The time from the list's first byte to the results' last, in milliseconds. */
async function smallJob(url: string, round: number): Promise<number> {
  const small = Array.from({ length: SMALL_ROWS }, (_, at) => `small-${round}-${at}.com`);
  const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: small });
  const startedAt = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/jobs?wait_ms=50000`, { method: 'POST', headers, body });
  const job = finished.parse(await answer.json());
  page.parse(await (await fetch(`${url}/v1/jobs/${job.id}/results`)).json());
  return performance.now() - startedAt;
}

const NOTES = [
  '',
  `bulk_backlinks, two workers, ${IN_FLIGHT} calls in flight at most. From the list's first byte to the last of its results,`,
  'medians of the rounds; the large job is running, of the same tenant, and takes all that it is given.',
];
