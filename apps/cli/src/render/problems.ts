import type { ProblemMet } from '@linkhaul/schemas';
import { formatCount, formatSecond } from './figures.js';
import { formatTable } from './table.js';

const HEADER = ['kind', 'code', 'times', 'last', 'tenant', 'last job', 'detail'];

/** A line for each kind and code, with the latest job that had it. */
export function problemsTable(problems: readonly ProblemMet[]): string {
  return formatTable(
    HEADER,
    problems.map(({ kind, code, count, last_at, tenant, jobs, detail }) => [
      kind,
      code,
      formatCount(count),
      formatSecond(last_at),
      tenant ?? '-',
      jobs[0] ?? '-',
      detail ?? '-',
    ]),
  );
}
