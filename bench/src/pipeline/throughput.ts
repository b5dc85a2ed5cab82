import { median, table } from '../figures.js';
import type { Environment, Say } from '../limits/service.js';
import { IN_FLIGHT, type MeasuredJob, measureJob } from './job.js';
import { type BulkName, ROWS } from './lists.js';
import { type Loop, runLoop } from './loop.js';
import { startPreparedUpstream } from './upstream.js';

/** Both sides take this many turns, and their medians are compared, so that other load on this machine affects both. */
const ROUNDS = 3;

interface Round {
  readonly loop: Loop;
  readonly job: MeasuredJob;
}

/** Measures a million rows to their end, compared with the bare loop that makes the same calls to the same upstream. */
export async function benchThroughput(endpoint: BulkName, env: Environment, say: Say) {
  const upstream = await startPreparedUpstream(endpoint);
  const rounds: Round[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const loop = await runLoop({ url: upstream.url, endpoint, inFlight: IN_FLIGHT });
      rounds.push({ loop, job: await measureJob(endpoint, { env, say, upstream }) });
    }
  } finally {
    upstream.close();
  }
  say(`${endpoint}, ${ROWS.toLocaleString('en-US')} rows`);
  const rows = FIGURES.map(({ name, of, digits }) => {
    const values = rounds.map(of);
    return {
      figure: name,
      median: median(values).toFixed(digits),
      rounds: values.map((at) => at.toFixed(digits)).join(' '),
    };
  });
  for (const line of table([['figure', 'median', 'rounds'], ...rows.map((row) => Object.values(row))])) say(line);
  return rows;
}

const FIGURES: readonly { readonly name: string; readonly digits: number; of(round: Round): number }[] = [
  { name: "throughput over the loop's", digits: 2, of: ({ loop, job }) => job.callsPerSecond / loop.callsPerSecond },
  { name: 'calls/s', digits: 0, of: ({ job }) => job.callsPerSecond },
  { name: 'calls/s of the loop', digits: 0, of: ({ loop }) => loop.callsPerSecond },
  { name: "workers' CPU, planning too, ms a call", digits: 1, of: ({ job }) => job.cpuMsPerCall },
  { name: "the loop's CPU, ms a call", digits: 1, of: ({ loop }) => loop.cpuMsPerCall },
  { name: 'from the 202 to the first call, s', digits: 2, of: ({ job }) => job.firstCallMs / 1000 },
  { name: "from the 202 to the plan's end, s", digits: 2, of: ({ job }) => job.plannedMs / 1000 },
  { name: 'from the 202 to the last row stored, s', digits: 1, of: ({ job }) => job.wholeMs / 1000 },
  { name: "the planning worker's peak, plan's end, MiB", digits: 0, of: ({ job }) => job.planPeakMiB },
  { name: "the planning worker's peak, job's end, MiB", digits: 0, of: ({ job }) => job.peakMiB },
];
