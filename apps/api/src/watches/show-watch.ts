import { isoTime, type JobRecord, type OpenRun, runView, type WatchRecord, type WatchTarget } from '@linkhaul/jobs';
import { mainFieldOf } from '@linkhaul/results';
import { usdOf, type Watch, type WatchRun } from '@linkhaul/schemas';
import type { Services } from '../services.js';

type Showing = Pick<Services, 'watches' | 'store'>;

const RUNS_TOTALLED = 30;

export async function showWatch(watch: WatchRecord, { watches, store }: Showing): Promise<Watch> {
  const { tenant, name, doc, open } = watch;
  const { budget, maxCost, retentionDays, list } = doc;
  const [committed, runs, job] = await Promise.all([
    budget && watches.committed(watch, budget.period),
    watches.runs(watch, { from: 0, limit: RUNS_TOTALLED }),
    open?.job == null ? null : store.get({ tenant, id: open.job }),
  ]);
  const [last] = runs;
  return {
    name,
    endpoint: doc.endpoint,
    params: doc.params,
    metadata: doc.metadata,
    max_items_per_target: doc.max_items_per_target,
    max_age: doc.max_age ?? null,
    on_budget: doc.on_budget,
    on_invalid: doc.on_invalid,
    target_as: doc.target_as,
    keep_www: doc.keep_www,
    retention_days: retentionDays,
    max_cost_usd: maxCost === null ? null : usdOf(maxCost),
    schedule: doc.schedule,
    tag: doc.tag,
    budget: budget && { usd: usdOf(budget.nanos), period: budget.period, committed_usd: usdOf(committed ?? 0) },
    list: {
      rows: list.valid + list.invalid,
      invalid: list.invalid,
      duplicates: list.duplicates,
      estimated_usd: usdOf(list.estimated),
    },
    alert: doc.alert,
    webhook: doc.webhook && webhookView(doc.webhook),
    field: mainFieldOf(doc.endpoint, doc.alert),
    version: watch.version,
    status: watch.status,
    created_at: isoTime(doc.createdAt),
    changed_at: isoTime(doc.changedAt),
    next_run_at: watch.nextAt === null ? null : isoTime(watch.nextAt),
    run: open && showOpenRun(open, job),
    last_run: last === undefined ? null : runView(last),
    totals: runs.flatMap(({ total }) => total ?? []).reverse(),
  };
}

function webhookView({ url, events, format }: WatchTarget): Watch['webhook'] {
  return { url, format, ...(events !== null && { events }) };
}

const NOTHING_YET = {
  job: null,
  started_at: null,
  finished_at: null,
  status: null,
  outcome: null,
  skipped: null,
  cost_usd: null,
  total: null,
  counts: null,
  alerts: null,
};

function showOpenRun({ tick, by }: OpenRun, job: JobRecord | null): WatchRun {
  const run: WatchRun = { ...NOTHING_YET, at: isoTime(tick), by };
  if (job === null) return run;
  const { description, status, counts } = job;
  return {
    ...run,
    job: description.id,
    started_at: isoTime(description.createdAt),
    status,
    cost_usd: usdOf(counts.spent),
  };
}
