import type { SeriesView } from '@linkhaul/schemas';
import { formatCount, formatDuration, formatSecond, formatUsd } from './figures.js';
import { formatTable } from './table.js';

const HEADER = ['at', 'for', 'calls', 'ok', 'empty', 'failed', 'items', 'cost', 'mean latency', 'longest'];

/** A line for each time at which something changed. */
export function seriesTable({ points }: SeriesView): string {
  return formatTable(
    HEADER,
    points.map(({ at, ms, calls, rows, items, cost_usd: cost, latency_ms: latency }) => [
      formatSecond(at),
      formatDuration(ms),
      ...[calls, rows.ok, rows.empty, rows.failed, items].map(formatCount),
      formatUsd(cost),
      ...(latency === null ? ['-', '-'] : [latency.mean, latency.max].map(formatDuration)),
    ]),
  );
}
