import type { Job } from '@linkhaul/schemas';

/** Scripts rely on these codes: they never change. */
export const EXIT = {
  complete: 0,
  /** The output cannot be written, though the command may have done its work. Also used for a bug of this program. */
  unwritten: 1,
  badInput: 2,
  /** Some rows failed, were skipped or are invalid. */
  partial: 3,
  paused: 4,
  /** The job failed or was cancelled. */
  failed: 5,
  unreachable: 6,
  interrupted: 130,
} as const;

type Ended = Pick<Job, 'status' | 'outcome'> & { readonly rows: Pick<Job['rows'], 'invalid'> };

/** The exit code for a finished or paused job. A completed job without any answered row counts as failed. */
export function exitOf({ status, outcome, rows }: Ended, allowInvalid: boolean): number {
  if (status === 'paused') return EXIT.paused;
  if (status !== 'completed' || outcome === 'none') return EXIT.failed;
  return outcome === 'partial' || (rows.invalid > 0 && !allowInvalid) ? EXIT.partial : EXIT.complete;
}
