import type { Job } from './jobs.js';

/** Jobs that share a row in a list for people, the newest first. */
export type JobGroup = readonly [Job, ...Job[]];

/**
 * Live tasks of one tag and endpoint that follow each other share a row: a script sends thousands of them. Any other job
 * has a row of its own.
 */
export function groupJobs(jobs: readonly Job[]): JobGroup[] {
  const groups: [Job, ...Job[]][] = [];
  for (const job of jobs) {
    const last = groups.at(-1);
    if (last !== undefined && isAlike(last[0], job)) last.push(job);
    else groups.push([job]);
  }
  return groups;
}

function isAlike(one: Job, other: Job): boolean {
  const areLive = one.tasks?.kind === 'live' && other.tasks?.kind === 'live';
  return areLive && one.tag === other.tag && one.endpoint === other.endpoint;
}

/** The rows of all jobs of a group. */
export function rowsOfGroup([first, ...others]: JobGroup): Job['rows'] {
  const sums = { ...first.rows };
  for (const { rows } of others) {
    sums.total += rows.total;
    sums.pending += rows.pending;
    sums.ok += rows.ok;
    sums.empty += rows.empty;
    sums.failed += rows.failed;
    sums.invalid += rows.invalid;
    sums.skipped += rows.skipped;
  }
  return sums;
}
