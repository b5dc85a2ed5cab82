import { type Job, usdOf } from '@linkhaul/schemas';
import type { TasksOfJob } from './description.js';
import type { JobPace } from './job-monitor.js';
import type { JobRecord } from './records.js';

/** A job as the API and the webhooks show it. */
export function jobView(record: JobRecord, pace: JobPace | null = null): Job {
  const { description, counts } = record;
  const self = `/v1/jobs/${description.id}`;
  return {
    id: description.id,
    tag: description.tag,
    endpoint: description.endpoint,
    tenant: description.tenant,
    ...(description.watch !== undefined && { watch: description.watch }),
    ...(description.tasks !== undefined && { tasks: tasksView(description.tasks) }),
    params: description.params,
    metadata: description.metadata,
    max_items_per_target: description.max_items_per_target,
    max_age: description.max_age ?? null,
    max_cost_usd: record.bounds.maxCost === null ? null : usdOf(record.bounds.maxCost),
    on_budget: description.on_budget,
    deadline: record.bounds.deadline === null ? null : isoTime(record.bounds.deadline),
    on_invalid: description.on_invalid,
    on_overlap: description.on_overlap,
    retention_days: description.retention_days,
    start: description.start,
    target_as: description.target_as,
    keep_www: description.keep_www,
    webhook: webhookView(record),
    pingback_url: description.hooks?.pingback_url ?? null,
    postback_url: description.hooks?.postback_url ?? null,
    status: record.status,
    reason: record.reason,
    outcome: record.outcome,
    run: record.run,
    upstream: { host: description.upstreamHost, simulated: record.simulated },
    created_at: isoTime(description.createdAt),
    started_at: record.startedAt === null ? null : isoTime(record.startedAt),
    finished_at: record.finishedAt === null ? null : isoTime(record.finishedAt),
    expires_at: record.expiresAt === null ? null : isoTime(record.expiresAt),
    rows: rowsView(counts),
    duplicates: counts.duplicates,
    reused: counts.reused,
    items: counts.items,
    calls: {
      planned: counts.planned,
      done: counts.done,
      failed: counts.failed_calls,
      unknown: counts.unknown,
      in_flight: counts.in_flight,
      attempts: counts.attempts,
    },
    cost: {
      estimated_usd: usdOf(counts.estimated),
      spent_usd: usdOf(counts.spent),
      reserved_usd: usdOf(counts.reserved),
      unconfirmed_usd: usdOf(counts.unconfirmed),
      wasted_usd: usdOf(counts.wasted),
    },
    history: record.history.map((entry) => ({ ...entry, at: isoTime(entry.at), reason: entry.reason || null })),
    progress: counts.total === 0 ? 0 : (counts.total - counts.pending) / counts.total,
    eta_ms: pace?.etaMs ?? null,
    bound_by: pace?.bound?.by ?? null,
    bound_detail: pace?.bound?.detail ?? null,
    links: { self, results: `${self}/results`, rows: `${self}/rows`, events: `${self}/events` },
  };
}

function tasksView({ kind, count }: TasksOfJob): Job['tasks'] {
  return { kind, count };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function rowsView({ total, pending, ok, empty, failed, invalid, skipped }: JobRecord['counts']): Job['rows'] {
  return { total, pending, ok, empty, failed, invalid, skipped };
}

function webhookView({ description: { webhook } }: JobRecord): Job['webhook'] {
  if (webhook === null) return null;
  return {
    url: webhook.url,
    ...(webhook.events && { events: webhook.events as NonNullable<Job['webhook']>['events'] }),
  };
}
