import { isTagged, type Job } from '@linkhaul/schemas';
import { percent } from './bar.js';
import { formatCount, formatMinute, formatUsd } from './figures.js';
import { stateOf } from './job.js';
import { shareOf } from './progress-line.js';
import { formatTable } from './table.js';

const HEADER = ['id', 'tag', 'endpoint', 'created', 'state', 'done', 'rows', 'failed', 'spent'];

/** A table with one line for each job. */
export function jobsTable(jobs: readonly Job[]): string {
  return formatTable(
    HEADER,
    jobs.map((job) => [
      job.id,
      isTagged(job) ? job.tag : '-',
      job.endpoint,
      formatMinute(job.created_at),
      stateOf(job),
      percent(shareOf(job)),
      formatCount(job.rows.total),
      formatCount(job.rows.failed),
      formatUsd(job.cost.spent_usd),
    ]),
  );
}
