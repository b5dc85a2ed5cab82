import { setTimeout as sleep } from 'node:timers/promises';
import { median, table } from '../figures.js';
import { peakMemory } from '../interface/api-process.js';
import type { Environment, Say } from '../limits/service.js';
import { withPipeline } from './job.js';
import { targetsFor } from './lists.js';
import { cpuMs } from './processes.js';
import { type PreparedUpstream, startPreparedUpstream } from './upstream.js';

const ROUNDS = 3;
const LOOK_EVERY_MS = 5;
const ENDPOINTS = ['bulk_backlinks', 'referring_domains', 'bulk_pages_summary'] as const;
type Name = (typeof ENDPOINTS)[number];

interface Bench {
  readonly env: Environment;
  readonly say: Say;
  readonly upstream: PreparedUpstream;
}

interface Round {
  readonly firstS: number;
  /** Processor time of both workers from the 202 to the first call. Other load on this machine does not affect it. */
  readonly firstCpuS: number;
  readonly planS: number;
  readonly planCpuS: number;
  readonly peakMiB: number;
}

/** Measures how soon after the 202 the first call of a million rows is sent. The upstream does not answer, so this is planning alone. */
export async function benchFirstCall(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = [
    'a million rows',
    'first call s',
    '(CPU s)',
    "plan's end s",
    '(CPU s) ',
    'peak MiB',
    'first calls s',
  ];
  const upstream = await startPreparedUpstream(null);
  const rows: string[][] = [];
  try {
    for (const endpoint of ENDPOINTS) {
      const rounds: Round[] = [];
      while (rounds.length < ROUNDS) rounds.push(await measure(endpoint, { env, say, upstream }));
      const middle = (of: keyof Round) => median(rounds.map((round) => round[of]));
      const seconds = (['firstS', 'firstCpuS', 'planS', 'planCpuS'] as const).map((of) => middle(of).toFixed(2));
      const each = rounds.map(({ firstS }) => firstS.toFixed(2)).join(' ');
      rows.push([endpoint, ...seconds, middle('peakMiB').toFixed(0), each]);
    }
  } finally {
    upstream.close();
  }
  for (const line of table([heading, ...rows])) say(line);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function measure(endpoint: Name, bench: Bench): Promise<Round> {
  const { upstream } = bench;
  const list = targetsFor(endpoint === 'bulk_pages_summary' ? endpoint : 'bulk_backlinks').join('\n');
  upstream.forget();
  return withPipeline(bench, async ({ client, workers }, plan) => {
    const cpu = async () => (await Promise.all([...workers.values()].map(cpuMs))).reduce((all, one) => all + one, 0);
    const job = await client.submitText({ endpoint }, list);
    const [acceptedAt, before] = [Date.now(), await cpu()];
    while (upstream.arrivals.length === 0) await sleep(LOOK_EVERY_MS);
    const first = await cpu();
    const { worker, at } = await plan;
    const [planned, peak] = [await cpu(), await peakMemory(workers.get(worker) ?? 0)];
    await client.cancel(job.id);
    upstream.hangUp();
    return {
      firstS: ((upstream.arrivals[0] ?? 0) - acceptedAt) / 1000,
      firstCpuS: (first - before) / 1000,
      planS: (at - acceptedAt) / 1000,
      planCpuS: (planned - before) / 1000,
      peakMiB: Number(peak),
    };
  });
}
