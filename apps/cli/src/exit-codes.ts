import type { Job } from '@linkhaul/schemas';

/** What a script learns from the exit code. They are fixed: scripts rely on them. */
export const EXIT = {
  complete: 0,
  /** What was asked for may have been done, but its answer cannot be written. A defect of this program ends so too. */
  unwritten: 1,
  badInput: 2,
  partial: 3,
  paused: 4,
  /** The job has failed, or was cancelled, whatever it had brought by then. */
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
