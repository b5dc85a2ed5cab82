import type { Job } from '@linkhaul/schemas';
import { bar, percent } from './bar.js';
import { formatCount, formatDuration, formatRate, formatUsd } from './figures.js';
import { printable } from './printable.js';

/** The fields of a job that the progress line shows. */
export type Moving = Pick<Job, 'endpoint' | 'status' | 'reason' | 'eta_ms' | 'bound_by' | 'bound_detail'> & {
  readonly rows: Pick<Job['rows'], 'total' | 'pending'>;
  readonly cost: Pick<Job['cost'], 'spent_usd'>;
};

const BAR_WIDTH = 24;

/** The share of rows that are no longer pending, from 0 to 1. */
export function shareOf({ rows }: Pick<Moving, 'rows'>): number {
  return rows.total === 0 ? 0 : (rows.total - rows.pending) / rows.total;
}

/** Status, share, rows, rate, cost and remaining time, in order of importance. */
function partsOf(job: Moving, rate: number | null): string[] {
  const { rows, cost } = job;
  const eta = etaOf(job, rate);
  return [
    ...(job.status === 'running' ? [] : [stateOf(job)]),
    percent(shareOf(job)).padStart(5),
    `${formatCount(rows.total - rows.pending)} of ${formatCount(rows.total)} rows`,
    ...(rate === null || rows.pending === 0 ? [] : [formatRate(rate)]),
    formatUsd(cost.spent_usd),
    ...(eta === null ? [] : [`ETA ${formatDuration(eta)}`]),
  ];
}

/** The progress line for logs. */
export function plainLine(job: Moving, rate: number | null): string {
  return `${job.endpoint}  ${partsOf(job, rate).join('  ').trimStart()}`;
}

/** The progress line for terminals. If the terminal is too narrow, the bar is left out first, then parts from the end. */
export function barLine(job: Moving, { rate, columns }: { rate: number | null; columns: number }): string {
  const parts = partsOf(job, rate);
  const withBar = [job.endpoint, bar(shareOf(job), BAR_WIDTH), ...parts].join('  ');
  if (withBar.length < columns) return withBar;
  while (parts.length > 1 && parts.join('  ').length >= columns) parts.pop();
  return parts.join('  ').slice(0, Math.max(0, columns - 1));
}

/** The remaining time in ms: the service's estimate, otherwise computed from the measured rate. */
function etaOf({ status, eta_ms, rows }: Moving, rate: number | null): number | null {
  if (status !== 'running' || rows.pending === 0) return null;
  return eta_ms ?? (rate === null ? null : (rows.pending / rate) * 1000);
}

function stateOf({ status, reason }: Moving): string {
  return reason === null ? status : `${status}: ${printable(reason)}`;
}
