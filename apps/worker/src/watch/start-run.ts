import { type JobDescription, newJobId, type OpenRun, type WatchRecord } from '@linkhaul/jobs';
import { claimWatchRun, copyRows, FORMAT, type JobRef } from '@linkhaul/storage';
import type { WatchServices } from './watch-services.js';

/**
 * Makes the job of an open run from the list that the watch keeps. Every step can be repeated: the first one fixes the job's id for
 * good.
 */
export async function startRun(watch: WatchRecord, run: OpenRun, services: WatchServices): Promise<void> {
  const { storage, calls, tracing } = services;
  const { tenant, doc } = watch;
  const now = await calls.now();
  const tick = { tenant, watch: doc.id, version: run.version, tick: run.tick };
  const { job: id, isRepeated } = await claimWatchRun(storage, tick, newJobId(now));
  await tracing.begin('watch', { 'linkhaul.job': id }, () => makeJob(watch, run, { id, now, isRepeated }, services));
}

interface NewJob {
  readonly id: string;
  readonly now: number;
  readonly isRepeated: boolean;
}

async function makeJob(
  watch: WatchRecord,
  run: OpenRun,
  { id, now, isRepeated }: NewJob,
  services: WatchServices,
): Promise<void> {
  const { storage, uploads, store, snapshots, queues, tracing, logger } = services;
  const { tenant, name, doc, version } = watch;
  const job: JobRef = { tenant, id };
  await uploads.begin(job);
  // The list is incomplete because the watch was changed meanwhile: the next round uses the new list.
  if (!(await copyRows(storage, { ...doc.list, list: { tenant, id: doc.list.id } }, job))) return;
  const trace = tracing.current();
  const { kind } = await store.accept({
    description: {
      ...describe(watch, job),
      createdAt: now,
      upstreamHost: services.upstream.host,
      ...(trace !== null && { trace }),
    },
    by: `watch ${name}`,
    counts: { ...doc.list, estimatedNanos: doc.list.estimated },
    bounds: { maxCost: doc.maxCost, deadline: null },
    runOf: { watch: name, version, tick: run.tick, asksStorage: isRepeated },
  });
  logger.info({ tenant, watch: name, job: id, kind }, 'run of a watch');
  if (kind === 'given_up') await skipRun(watch, run, services);
  if (kind !== 'accepted') return;
  await snapshots.keepJob(job);
  await queues.add('plan', job);
}

async function skipRun({ tenant, name }: WatchRecord, { tick: at, by }: OpenRun, services: WatchServices) {
  const run = { at, by, skipped: 'not_stored' } as const;
  const isDone = await services.watches.finish({ tenant, name, run, good: false, events: [], target: null });
  if (isDone) services.metrics.ranWatch('not_stored');
}

function describe({ tenant, name, doc }: WatchRecord, job: JobRef): Omit<JobDescription, 'createdAt' | 'upstreamHost'> {
  const {
    schedule: _,
    v: _format,
    id: _id,
    changedAt: _changed,
    maxCost: _cost,
    budget: _budget,
    list,
    ...fields
  } = doc;
  const { retentionDays, createdAt: _created, alert: _alert, webhook: _webhook, ...ofJob } = fields;
  return {
    ...ofJob,
    v: FORMAT,
    tenant,
    id: job.id,
    watch: name,
    retention_days: retentionDays,
    start: 'auto',
    // The watch itself makes sure that its runs do not overlap.
    on_overlap: 'allow',
    webhook: null,
    rowParts: list.rowParts,
    invalidParts: list.invalidParts,
    mostWithOneKey: list.mostWithOneKey,
  };
}
