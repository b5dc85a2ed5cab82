import { benchSmallJobsWhereCpuBinds } from '../interface/small-jobs.js';
import type { Environment, Say } from '../limits/service.js';
import { type Part, runParts } from '../parts.js';
import { benchFirstCall } from './first-call.js';
import { benchStorages } from './storages.js';
import { benchThroughput } from './throughput.js';

const PARTS: Readonly<Record<string, Part>> = {
  first_call: benchFirstCall,
  bulk_pages_summary: (env, say) => benchThroughput('bulk_pages_summary', env, say),
  bulk_backlinks: (env, say) => benchThroughput('bulk_backlinks', env, say),
  storages: benchStorages,
  small_jobs: benchSmallJobsWhereCpuBinds,
};

/** Measures a million rows from the 202 to the last stored row, with an upstream without limits: all parts, or one. */
export async function benchPipeline(env: Environment, say: Say, part?: string) {
  const figures = await runParts({ parts: PARTS, part }, env, say);
  for (const note of NOTES) say(note);
  return figures;
}

const NOTES = [
  'Two workers, file storage, 30 calls in flight, everything on this machine, the upstream and the loop too. The loop is one',
  'process: undici, gunzip and JSON.parse, the same calls. Calls run while the plan is written: throughput counts from the',
  'first call sent to the last row stored, CPU from the 202 on, of both workers and all their threads. Medians of rounds in',
  'which the two sides take turns. first_call has an upstream that does not answer: what it takes is the planning alone.',
  'storages runs one job over a folder and over a bucket. Its store is a stand-in: a process on this machine, which keeps all in',
  'memory, checks signatures and knows conditional writes.',
];
