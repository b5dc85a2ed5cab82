import type { Range } from './call-ranges.js';

/**
 * A place in a job's lines that stays right while the job runs. Calls settle out of order, so the cursor remembers the calls
 * that were passed over, and each of them is shown once, later.
 */
export interface Cursor {
  /** Invalid rows come first, then rows without a plan or calls; `lines`: everything is in line order. */
  readonly phase: 'invalid' | 'unplanned' | 'calls' | 'lines';
  /** The next part of rows, the next call or, in line order, the next line. */
  readonly next: number;
  /** Calls before `next` that exist but were not shown yet. */
  readonly gaps: readonly Range[];
  /** A call of which some lines were shown, but not all. */
  readonly at: number | null;
  /** Which part of that call comes next: a long list that was copied has several. */
  readonly part: number;
  /** How many lines of the next batch were already shown or filtered out. */
  readonly skip: number;
}

export const START: Cursor = { phase: 'invalid', next: 0, gaps: [], at: null, part: 0, skip: 0 };
export const FIRST_CALL: Cursor = { ...START, phase: 'calls', next: 1 };

/**
 * A listing cannot go on at a cursor. `unknown`: no listing of this job has made it. `planned`: meanwhile the rows were
 * packed into calls, which changes their order: some would be shown twice.
 */
export class CursorRefused extends Error {
  override readonly name = 'CursorRefused';
  readonly why: 'unknown' | 'planned';

  constructor(why: 'unknown' | 'planned') {
    super(`the cursor is refused: ${why}`);
    this.why = why;
  }
}
