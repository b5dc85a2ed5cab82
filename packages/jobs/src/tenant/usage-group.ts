import { createHash } from 'node:crypto';
import { isTagged } from '@linkhaul/schemas';

/** What usage is grouped by. */
export interface UsageGroup {
  /** Empty if the jobs have none of their own. */
  readonly tag: string;
  readonly endpoint: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Missing if the jobs are not runs of a watch. */
  readonly watch?: string | undefined;
}

/**
 * Jobs with the same tag, endpoint, metadata and watch are counted together, also those without a tag of their own. The id of
 * a group never changes.
 */
export function usageGroupOf(job: UsageGroup & { readonly id: string }): {
  readonly id: string;
  readonly group: UsageGroup;
} {
  const pairs = Object.entries(job.metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const tag = isTagged(job) ? job.tag : '';
  const watch = job.watch === undefined ? {} : { watch: job.watch };
  const group = { tag, endpoint: job.endpoint, metadata: Object.fromEntries(pairs), ...watch };
  const id = createHash('sha256')
    .update(JSON.stringify([tag, job.endpoint, pairs, ...Object.values(watch)]))
    .digest('hex')
    .slice(0, 20);
  return { id, group };
}
