import type { TagTarget } from '@linkhaul/schemas';
import { formatCount, formatMinute } from './figures.js';
import { formatTable } from './table.js';

/** A line for each job. Only numbers that at least one of the jobs has are shown. */
export function targetTable({ fields, runs }: TagTarget): string {
  const names = fields.map(({ name }) => name).filter((name) => runs.some(({ values }) => values?.[name] != null));
  const numberIn = (value: number | null | undefined) => (value == null ? '-' : formatCount(value));
  return formatTable(
    ['job', 'created', 'outcome', 'items', ...names],
    runs.map(({ job, created_at, status, items, values }) => [
      job,
      formatMinute(created_at),
      status ?? '-',
      numberIn(items),
      ...names.map((name) => numberIn(values?.[name])),
    ]),
  );
}
