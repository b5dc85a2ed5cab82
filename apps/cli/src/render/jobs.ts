import { groupJobs, isTagged, type Job, type JobGroup, nanosOf, rowsOfGroup, usdOf } from '@linkhaul/schemas';
import { percent } from './bar.js';
import { formatCount, formatMinute, formatUsd } from './figures.js';
import { stateOf } from './job.js';
import { shareOf } from './progress-line.js';
import { formatTable } from './table.js';

const HEADER = ['id', 'tag', 'endpoint', 'created', 'state', 'done', 'rows', 'failed', 'spent'];

/** A table with one line for each job. Consecutive live tasks of one tag share a line. */
export function jobsTable(jobs: readonly Job[]): string {
  return formatTable(HEADER, groupJobs(jobs).map(lineOf));
}

function lineOf(group: JobGroup): string[] {
  const [job] = group;
  const rows = rowsOfGroup(group);
  const spent = group.reduce((sum, { cost }) => sum + nanosOf(cost.spent_usd), 0);
  return [
    group.length === 1 ? job.id : `${formatCount(group.length)} live tasks`,
    isTagged(job) ? job.tag : '-',
    job.endpoint,
    formatMinute(job.created_at),
    stateOf(job),
    percent(shareOf({ rows })),
    formatCount(rows.total),
    formatCount(rows.failed),
    formatUsd(usdOf(spent)),
  ];
}
