import type { Job, Result } from '@linkhaul/schemas';
import { formatCount, formatTable, formatUsd } from './table.js';

const HEADER = ['endpoint', 'rows', 'ok', 'empty', 'failed', 'items', 'calls', 'cost'];

/** One line per job and a total: rows, calls, time and cost. */
export function jobsTable(jobs: readonly Job[]): string {
  const figures = jobs.map(({ rows, items, calls, cost }) => [
    rows.total,
    rows.ok,
    rows.empty,
    rows.failed,
    items,
    calls.attempts,
    cost.spent_usd,
  ]);
  const sum = figures.reduce((left, right) => right.map((figure, column) => figure + (left[column] ?? 0)), []);
  const line = (name: string, numbers: readonly number[]) => [
    name,
    ...numbers.map((figure, column) => (column === numbers.length - 1 ? formatUsd(figure) : formatCount(figure))),
  ];
  const rows = jobs.map((job, index) => line(job.endpoint, figures[index] ?? []));
  return formatTable(HEADER, [...rows, line('all', sum)]);
}

/** A few result rows of `bulk_backlinks`. */
export function backlinksSample(results: readonly Result[]): string {
  const rows = results.map(({ target, data }) => [target ?? '', formatField(data?.backlinks)]);
  return formatTable(['target', 'backlinks'], rows);
}

function formatField(value: unknown): string {
  return typeof value === 'number' ? formatCount(value) : 'null';
}
