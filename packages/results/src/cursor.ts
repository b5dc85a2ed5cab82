import type { Range } from './call-ranges.js';

/**
 * A place in a job's lines that stays right while the job runs. Calls settle out of order: the cursor remembers the calls
 * that were passed over, and each is given once, later.
 */
export interface Cursor {
  /** Invalid rows come first, then rows without a plan or calls; `lines`: everything is in line order. */
  readonly phase: 'invalid' | 'unplanned' | 'calls' | 'lines';
  /** The next part of rows, the next call or, in line order, the next line. */
  readonly next: number;
  /** Calls before `next` that exist but were not given yet. */
  readonly gaps: readonly Range[];
  /** A call of which some lines were given, but not all. */
  readonly at: number | null;
  /** Which part of that call comes next: a long list that was copied has several. */
  readonly part: number;
  /** How many lines of the next batch were already given or filtered out. */
  readonly skip: number;
}

export const START: Cursor = { phase: 'invalid', next: 0, gaps: [], at: null, part: 0, skip: 0 };
export const FIRST_CALL: Cursor = { ...START, phase: 'calls', next: 1 };

/**
 * A listing cannot go on at a cursor. `unknown`: no listing of this job has given it. `planned`: the rows were packed into
 * calls meanwhile and have another order: some would be given twice.
 */
export class CursorRefused extends Error {
  override readonly name = 'CursorRefused';
  readonly why: 'unknown' | 'planned';

  constructor(why: 'unknown' | 'planned') {
    super(`the cursor is refused: ${why}`);
    this.why = why;
  }
}
