import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { median, table } from '../figures.js';
import type { Environment, Say } from '../limits/service.js';
import { type MeasuredJob, measureJob } from './job.js';
import { type BulkName, ROWS } from './lists.js';
import { type PreparedUpstream, startPreparedUpstream } from './upstream.js';

/** Both storages take this many turns. */
const ROUNDS = 3;
const ENDPOINT: BulkName = 'bulk_pages_summary';

interface Bench {
  readonly env: Environment;
  readonly say: Say;
  readonly upstream: PreparedUpstream;
}

interface Round {
  readonly file: MeasuredJob;
  readonly s3: MeasuredJob;
}

/** Measures the same million rows over a folder and over a bucket, in turns. */
export async function benchStorages(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const upstream = await startPreparedUpstream(ENDPOINT);
  const rounds: Round[] = [];
  try {
    while (rounds.length < ROUNDS) rounds.push(await measureBoth({ env, say, upstream }));
  } finally {
    upstream.close();
  }
  say(`${ENDPOINT}, ${ROWS.toLocaleString('en-US')} rows, over a folder and over a bucket`);
  const rows = FIGURES.map(({ name, of, digits }) => {
    const [file, s3] = [rounds.map((round) => of(round.file)), rounds.map((round) => of(round.s3))];
    const ratios = rounds.map((round) => of(round.s3) / of(round.file));
    return {
      figure: name,
      file: median(file).toFixed(digits),
      s3: median(s3).toFixed(digits),
      'median ratio': median(ratios).toFixed(2),
      ratios: ratios.map((ratio) => ratio.toFixed(2)).join(' '),
    };
  });
  for (const line of table([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))])) say(line);
  return rows;
}

const FIGURES: readonly { readonly name: string; readonly digits: number; of(job: MeasuredJob): number }[] = [
  { name: 'from the 202 to the last row stored, s', digits: 1, of: ({ wholeMs }) => wholeMs / 1000 },
  { name: "workers' CPU, planning too, ms a call", digits: 1, of: ({ cpuMsPerCall }) => cpuMsPerCall },
  { name: "the planning worker's peak, job's end, MiB", digits: 0, of: ({ peakMiB }) => peakMiB },
];

async function measureBoth(bench: Bench): Promise<Round> {
  const file = await measureJob(ENDPOINT, bench);
  return { file, s3: await withStore((settings) => measureJob(ENDPOINT, { ...bench, settings })) };
}

/** A store in a process of its own, new and empty. */
async function withStore<T>(work: (settings: Record<string, string>) => Promise<T>): Promise<T> {
  const child = fork(new URL('./store-process.js', import.meta.url));
  const ended = once(child, 'exit');
  try {
    const [settings] = await Promise.race([
      once(child, 'message'),
      ended.then(() => Promise.reject(new Error('the store ended without a word'))),
    ]);
    return await work(z.record(z.string(), z.string()).parse(settings));
  } finally {
    child.kill();
    await ended;
  }
}
