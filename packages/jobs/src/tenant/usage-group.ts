import { createHash } from 'node:crypto';
import { isTagged } from '@linkhaul/schemas';

/** What usage can be grouped by: the same for all jobs that are alike. */
export interface UsageGroup {
  /** Empty if they have none. */
  readonly tag: string;
  readonly endpoint: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Jobs with the same tag, endpoint and metadata are counted together, also those without a tag of their own. The id of
 * a group never changes.
 */
export function usageGroupOf(job: UsageGroup & { readonly id: string }): {
  readonly id: string;
  readonly group: UsageGroup;
} {
  const pairs = Object.entries(job.metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const tag = isTagged(job) ? job.tag : '';
  const group = { tag, endpoint: job.endpoint, metadata: Object.fromEntries(pairs) };
  const id = createHash('sha256')
    .update(JSON.stringify([tag, job.endpoint, pairs]))
    .digest('hex')
    .slice(0, 20);
  return { id, group };
}
