import type { Job } from '@linkhaul/schemas';

export interface ComparedRuns {
  readonly base: Job;
  readonly newer: Job;
}

/** The runs that can be compared, which are the completed ones, newest first. */
export function comparable(jobs: readonly Job[]): readonly Job[] {
  return jobs
    .filter(({ status, outcome }) => status === 'completed' && outcome !== null)
    .toSorted((a, b) => b.created_at.localeCompare(a.created_at));
}

/** The runs in the address. If it names none, or one that cannot be compared, the latest two. */
export function comparedRuns(jobs: readonly Job[], names: { base?: string; job?: string }): ComparedRuns | null {
  const runs = comparable(jobs);
  const newer = runs.find(({ id }) => id === names.job) ?? runs.find(({ id }) => id !== names.base);
  if (newer === undefined) return null;
  const others = runs.filter(({ id }) => id !== newer.id);
  const base = others.find(({ id }) => id === names.base) ?? others.find((run) => run.created_at < newer.created_at);
  const chosen = base ?? others[0];
  return chosen === undefined ? null : { base: chosen, newer };
}
