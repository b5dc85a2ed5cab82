import type { Job } from '@linkhaul/schemas';

/** What a script learns from the exit code. They are fixed: scripts rely on them. */
export const EXIT = {
  complete: 0,
  /** A defect of this program; none of the others. */
  broken: 1,
  badInput: 2,
  partial: 3,
  paused: 4,
  failed: 5,
  unreachable: 6,
  interrupted: 130,
} as const;

/** How a job that rests has ended. One without a single answered row has failed, whatever its status says. */
export function exitOf({ status, outcome }: Pick<Job, 'status' | 'outcome'>): number {
  if (status === 'paused') return EXIT.paused;
  if (status !== 'completed' || outcome === 'none') return EXIT.failed;
  return outcome === 'partial' ? EXIT.partial : EXIT.complete;
}
