import { isOutageReason, isTagged, type Job } from '@linkhaul/schemas';
import { counted, formatCount, formatDuration, formatUsd } from './figures.js';
import { printable } from './printable.js';

/** The fields of a job that the summary shows. */
export type Summarised = Pick<
  Job,
  | 'id'
  | 'tag'
  | 'endpoint'
  | 'status'
  | 'reason'
  | 'outcome'
  | 'created_at'
  | 'finished_at'
  | 'rows'
  | 'items'
  | 'bound_detail'
> & {
  readonly calls: Pick<Job['calls'], 'attempts'>;
  readonly cost: Pick<Job['cost'], 'spent_usd' | 'wasted_usd' | 'unconfirmed_usd'>;
  readonly upstream: Pick<Job['upstream'], 'simulated'>;
};

/** The options that `linkhaul retry` needs to run rows again; null if it has no row to run. */
export type RetryAdvice = readonly string[] | null;

/** The job's state in a few lines, with commands that can follow. */
export function jobSummary(job: Summarised, retry: RetryAdvice): string {
  const { id, tag, endpoint, items, calls } = job;
  const name = isTagged(job) ? `  tag ${printable(tag)}` : '';
  return [
    `${id}  ${endpoint}${name}`,
    `${stateOf(job)}${tookOf(job)}`,
    `rows   ${rowsOf(job)}`,
    ...(mostlyInvalid(job.rows) ? [`note   ${MISREAD}`] : []),
    `cost   ${costOf(job)}, ${counted(items, 'item')} in ${counted(calls.attempts, 'call')}`,
    ...(job.bound_detail === null ? [] : [`waits  ${printable(job.bound_detail)}`]),
    ...nextSteps(job, retry).map((step) => `next   ${step}`),
  ].join('\n');
}

/** `completed, partial`, `paused: budget`. */
export function stateOf({ status, reason, outcome }: Pick<Summarised, 'status' | 'reason' | 'outcome'>): string {
  const quality = outcome === null ? '' : `, ${outcome}`;
  return `${status}${quality}${reason === null ? '' : `: ${printable(reason)}`}`;
}

export const MISREAD =
  'Most rows are invalid, so the list may have been read in another way than it is meant: --column names the column with the URLs, --format says what the file is.';

/** If most rows are invalid, the list was probably read the wrong way. */
export function mostlyInvalid({ invalid, total }: Pick<Summarised['rows'], 'invalid' | 'total'>): boolean {
  return invalid > total / 2;
}

function tookOf({ created_at, finished_at }: Summarised): string {
  return finished_at === null ? '' : `, after ${formatDuration(Date.parse(finished_at) - Date.parse(created_at))}`;
}

const SHOWN = ['ok', 'empty', 'failed', 'invalid', 'skipped', 'pending'] as const;

function rowsOf({ rows }: Summarised): string {
  const parts = SHOWN.filter((name) => rows[name] > 0).map((name) => `${formatCount(rows[name])} ${name}`);
  return `${formatCount(rows.total)}: ${parts.join(', ')}`;
}

function costOf({ cost, upstream }: Summarised): string {
  const wasted = cost.wasted_usd > 0 ? `, ${formatUsd(cost.wasted_usd)} of it for lost answers` : '';
  const open = cost.unconfirmed_usd > 0 ? `, ${formatUsd(cost.unconfirmed_usd)} unconfirmed` : '';
  return `${formatUsd(cost.spent_usd)}${wasted}${open}${upstream.simulated ? ' (simulated)' : ''}`;
}

function nextSteps({ id, status, reason, finished_at, rows }: Summarised, retry: RetryAdvice): string[] {
  if (status === 'paused') return [pausedStep(id, reason)];
  if (finished_at === null) return [`linkhaul watch ${id}`];
  return [
    ...(rows.ok + rows.empty > 0 ? [`linkhaul results ${id} -o results.ndjson`] : []),
    ...(rows.failed + rows.skipped + rows.invalid > 0 ? [`linkhaul rows ${id} --status failed,invalid,skipped`] : []),
    ...(retry === null ? [] : [['linkhaul retry', id, ...retry].join(' ')]),
  ];
}

/** The command that ends the pause, or how it ends by itself. */
function pausedStep(id: string, reason: string | null): string {
  if (reason === 'budget') return `linkhaul resume ${id} --max-cost USD, with more than before`;
  if (reason === 'tenant_budget') return "it goes on by itself when the tenant's budget pays for it";
  if (reason === 'watch_budget') return "it goes on by itself when the watch's budget pays for it";
  if (reason === 'upstream_changed') {
    return `answers could not be read and are kept: see linkhaul rows ${id} --status failed; upgrade, then linkhaul resume ${id}`;
  }
  if (isOutageReason(reason)) return `it goes on by itself when the upstream can; linkhaul watch ${id}`;
  return `linkhaul resume ${id}`;
}
