import { peakMemory } from '../interface/api-process.js';
import type { Environment, Say, Service } from '../limits/service.js';
import { withService } from '../limits/service.js';
import { type BulkName, ROWS, targetsFor } from './lists.js';
import { cpuMs } from './processes.js';
import type { PreparedUpstream } from './upstream.js';

export const IN_FLIGHT = 30;
const UNLIMITED = 10_000_000;
const WORKERS = 2;

export interface MeasuredJob {
  /** From the first sent call to the last stored row. Calls run while the plan is still being written. */
  readonly callsPerSecond: number;
  /** Of both workers, from the 202 on, planning included. */
  readonly cpuMsPerCall: number;
  readonly firstCallMs: number;
  readonly plannedMs: number;
  readonly wholeMs: number;
  /** The memory of the worker that planned: when the plan was stored, and at the job's end. */
  readonly planPeakMiB: number;
  readonly peakMiB: number;
}

interface PlanSeen {
  readonly worker: string;
  readonly at: number;
}

interface Pipeline {
  readonly env: Environment;
  readonly say: Say;
  readonly upstream: PreparedUpstream;
  /** Variables of all processes. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts a new service for one job, with nothing cached. */
export async function withPipeline<T>(
  { env, say, upstream, settings = {} }: Pipeline,
  work: (service: Service, plan: Promise<PlanSeen>) => Promise<T>,
): Promise<T> {
  let see: (plan: PlanSeen) => void = () => undefined;
  const plan = new Promise<PlanSeen>((resolve) => {
    see = resolve;
  });
  const onLine = (worker: string, line: string) => {
    if (line.includes('"msg":"planned"')) see({ worker, at: Date.now() });
  };
  const limits = { perMinute: UNLIMITED, inFlight: IN_FLIGHT };
  const options = { env, say, upstreamUrl: upstream.url, workers: WORKERS, ...limits, settings, onLine };
  return withService(options, (service) => work(service, plan));
}

/** Submits the million rows and follows them to the end. */
export async function measureJob(endpoint: BulkName, bench: Pipeline): Promise<MeasuredJob> {
  const { upstream } = bench;
  upstream.forget();
  return withPipeline(bench, async ({ client, workers }, plan) => {
    const job = await client.submitText({ endpoint }, targetsFor(endpoint).join('\n'));
    const acceptedAt = Date.now();
    const pids = [...workers.values()];
    const cpuBefore = await sum(pids.map(cpuMs));
    const planned = await plan;
    const planner = workers.get(planned.worker) ?? 0;
    const planPeak = await peakMemory(planner);
    const finished = await client.waitFor(job.id);
    const [cpuAfter, peak] = await Promise.all([sum(pids.map(cpuMs)), peakMemory(planner)]);
    if (finished.rows.ok !== ROWS) throw new Error(`only ${finished.rows.ok} rows are ok`);
    const endedAt = Date.parse(finished.finished_at ?? '');
    const firstAt = upstream.arrivals[0] ?? endedAt;
    const calls = upstream.answers.length;
    return {
      callsPerSecond: (1000 * calls) / (endedAt - firstAt),
      cpuMsPerCall: (cpuAfter - cpuBefore) / calls,
      firstCallMs: firstAt - acceptedAt,
      plannedMs: planned.at - acceptedAt,
      wholeMs: endedAt - acceptedAt,
      planPeakMiB: Number(planPeak),
      peakMiB: Number(peak),
    };
  });
}

async function sum(values: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(values)).reduce((total, value) => total + value, 0);
}
