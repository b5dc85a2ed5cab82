import type { Job } from '@linkhaul/schemas';

/** What a script learns from the exit code. They are fixed: scripts rely on them. */
export const EXIT = {
  complete: 0,
  /** What was asked for may have been done, but its answer cannot be written. A defect of this program ends so too. */
  unwritten: 1,
  badInput: 2,
  /** Rows have failed or were skipped, or are invalid. */
  partial: 3,
  paused: 4,
  /** The job has failed, or was cancelled, whatever it had brought by then. */
  failed: 5,
  unreachable: 6,
  interrupted: 130,
} as const;

type Ended = Pick<Job, 'status' | 'outcome'> & { readonly rows: Pick<Job['rows'], 'invalid'> };

/** How a job that rests has ended. One without a single answered row has failed, whatever its status says. */
export function exitOf({ status, outcome, rows }: Ended, allowInvalid: boolean): number {
  if (status === 'paused') return EXIT.paused;
  if (status !== 'completed' || outcome === 'none') return EXIT.failed;
  return outcome === 'partial' || (rows.invalid > 0 && !allowInvalid) ? EXIT.partial : EXIT.complete;
}
