import type { JobRecord, KeptRun, OpenRun, WatchEventData, WatchRecord, WatchRef } from '@linkhaul/jobs';
import { compareJobs, fieldsOf, isNumeric, mainFieldOf, type RunSummary, summarise } from '@linkhaul/results';
import { StorageAway } from '@linkhaul/storage';
import type { WatchServices } from './watch-services.js';

/** Closes an open run whose job is finished: compares it with the last good run, and reports what changed. Can be repeated. */
export async function finishRun(ref: WatchRef, services: WatchServices): Promise<void> {
  const watch = await services.watches.get(ref);
  if (watch?.open?.job == null) return;
  const job = await services.store.get({ tenant: ref.tenant, id: watch.open.job });
  if (job !== null && job.finishedAt === null) return;
  const base = job === null ? null : await baseOf(watch, job, services);
  const summary = job?.good ? await tracedSummary(watch, { base, job }, services) : null;
  const run = keptRunOf(watch.open, job, summary);
  const data = dataOf(watch, { run, base, summary });
  const events = [
    { type: 'watch.finished', data } as const,
    ...(data.alerts.length > 0 ? [{ type: 'watch.alert', data } as const] : []),
  ];
  const { webhook: target } = watch.doc;
  if (!(await services.watches.finish({ ...ref, run, good: job?.good ?? false, events, target }))) return;
  services.metrics.ranWatch(run.outcome ?? 'removed');
  services.logger.info({ ...ref, job: run.job, status: run.status, alerts: run.alerts }, 'run of a watch finished');
  await services.snapshots.keepTenant(ref.tenant);
}

/** The last good run, if it asked the same question of the same upstream. Other data could not be compared. */
async function baseOf(
  { tenant, good }: WatchRecord,
  job: JobRecord,
  { store }: WatchServices,
): Promise<JobRecord | null> {
  const base = good === null ? null : await store.get({ tenant, id: good });
  if (base === null || base.description.endpoint !== job.description.endpoint) return null;
  const isAlike = base.description.upstreamHost === job.description.upstreamHost && base.simulated === job.simulated;
  return isAlike ? base : null;
}

interface Comparing {
  readonly base: JobRecord | null;
  readonly job: JobRecord;
}

function tracedSummary(watch: WatchRecord, comparing: Comparing, services: WatchServices): Promise<RunSummary | null> {
  const { id, trace } = comparing.job.description;
  const step = { name: 'compare', facts: { 'linkhaul.job': id } };
  return services.tracing.follow(trace, step, () => summaryOf(watch, comparing, services));
}

/** Null if the runs cannot be compared. The run must still be closed, or its watch would never run again. */
async function summaryOf(
  { tenant, name, doc }: WatchRecord,
  { base, job }: Comparing,
  services: WatchServices,
): Promise<RunSummary | null> {
  const fields = fieldsOf(doc.endpoint).filter(
    (field) => isNumeric(field) || doc.alert.some((rule) => rule.field === field.name),
  );
  const numbers = fields.filter(isNumeric).map((field) => field.name);
  const main = mainFieldOf(doc.endpoint, doc.alert);
  try {
    const changes = compareJobs({ base, job, fields, minChange: 0, signal: services.stopping }, services);
    return await summarise(changes, { numbers, main, rules: base === null ? [] : doc.alert });
  } catch (err) {
    if (err instanceof StorageAway || services.stopping.aborted) throw err;
    services.logger.error({ err, tenant, watch: name }, 'could not compare the runs of a watch');
    return null;
  }
}

function keptRunOf({ tick, by, job: id }: OpenRun, job: JobRecord | null, summary: RunSummary | null): KeptRun {
  return {
    at: tick,
    by,
    ...(id !== null && { job: id }),
    ...(job !== null && endOf(job)),
    ...(summary !== null && { total: summary.total, counts: summary.counts, alerts: summary.alerts.length }),
  };
}

function endOf({ description, finishedAt, status, outcome, counts }: JobRecord): Partial<KeptRun> {
  return {
    started_at: description.createdAt,
    status,
    cost: counts.spent,
    ...(finishedAt !== null && { finished_at: finishedAt }),
    ...(outcome !== null && { outcome }),
  };
}

interface Comparison {
  readonly run: KeptRun;
  readonly base: JobRecord | null;
  readonly summary: RunSummary | null;
}

function dataOf({ doc }: WatchRecord, { run, base, summary }: Comparison): WatchEventData {
  const isCompared = base !== null && summary !== null;
  return {
    run,
    tag: doc.tag,
    endpoint: doc.endpoint,
    base: isCompared ? base.description.id : null,
    field: mainFieldOf(doc.endpoint, doc.alert),
    totals: isCompared ? summary.totals : null,
    largest: isCompared ? [...summary.largest] : [],
    alerts: isCompared ? summary.alerts.map((alert) => ({ ...alert, examples: [...alert.examples] })) : [],
  };
}
