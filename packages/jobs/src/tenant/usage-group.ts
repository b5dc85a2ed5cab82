import { createHash } from 'node:crypto';
import { isTagged } from '@linkhaul/schemas';

/** What usage can be grouped by, of one job and all that are like it. */
export interface UsageGroup {
  /** Empty where they have none. */
  readonly tag: string;
  readonly endpoint: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Jobs with the same tag, endpoint and metadata are counted together, those without a tag of their own too. The id is the
 * group's own, and never changes.
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
