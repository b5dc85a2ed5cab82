import type { Job, RowStatus } from '@linkhaul/schemas';

/**
 * How many lines a job's results have so far, by its counts: a row without items has one line, other rows have one line per item.
 * A list whose target was submitted twice has more lines, so the number is only a lower bound for the length of the table.
 */
export function expectedLines({ rows, items }: Pick<Job, 'rows' | 'items'>, status: RowStatus | null): number {
  if (status !== null) return status === 'ok' ? Math.max(rows.ok, items) : rows[status];
  return Math.max(rows.ok, items) + rows.empty + rows.failed + rows.invalid + rows.skipped;
}
