import type { Job, RowStatus } from '@linkhaul/schemas';

/**
 * How many lines a job's results have so far, by its own counts: a row without items has one, others have one an item. A list
 * whose target was submitted twice has more, so this is where a table begins to expect, not where it ends.
 */
export function expectedLines({ rows, items }: Pick<Job, 'rows' | 'items'>, status: RowStatus | null): number {
  if (status !== null) return status === 'ok' ? Math.max(rows.ok, items) : rows[status];
  return Math.max(rows.ok, items) + rows.empty + rows.failed + rows.invalid + rows.skipped;
}
