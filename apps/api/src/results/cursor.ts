import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';
import { decodeRanges, encodeRanges, type Range } from './call-ranges.js';

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
  /** How many lines of the next batch were already given or filtered out. */
  readonly skip: number;
}

export const START: Cursor = { phase: 'invalid', next: 0, gaps: [], at: null, skip: 0 };
export const FIRST_CALL: Cursor = { ...START, phase: 'calls', next: 1 };

/** The listing that a cursor belongs to. */
export interface CursorOwner {
  readonly name: string;
  readonly jobId: string;
  /** How many runs were planned after the first: each replaces lines of earlier runs. */
  readonly furtherRuns: number;
}

const encoded = z.tuple([
  z.string(),
  z.string(),
  z.int().min(0),
  z.enum(['invalid', 'unplanned', 'calls', 'lines']),
  z.int().min(0),
  z.string(),
  z.int().min(1).nullable(),
  z.int().min(0),
]);

export function encodeCursor(
  { phase, next, gaps, at, skip }: Cursor,
  { name, jobId, furtherRuns }: CursorOwner,
): string {
  const fields: z.infer<typeof encoded> = [name, jobId, furtherRuns, phase, next, encodeRanges(gaps), at, skip];
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

export function decodeCursor(text: string, owner: CursorOwner): Cursor {
  const [name, jobId, furtherRuns, phase, next, ranges, at, skip] = parse(text);
  const gaps = decodeRanges(ranges);
  const last = gaps?.at(-1)?.[1] ?? 0;
  if (name !== owner.name || jobId !== owner.jobId || gaps === null || last >= Math.max(next, 1)) throw unknownCursor();
  if (furtherRuns !== owner.furtherRuns) throw retriedMeanwhile();
  return { phase, next, gaps, at, skip };
}

/** The job that a cursor belongs to. */
export function jobOfCursor(text: string): string {
  return parse(text)[1];
}

export function unknownCursor(): ApiProblem {
  return invalidRequest('cursor', 'is not one that this server gave for this list: begin again without it');
}

function parse(text: string): z.infer<typeof encoded> {
  try {
    return encoded.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw unknownCursor();
  }
}

/** Meanwhile the rows were packed into calls and have another order: some would be given twice. */
export function plannedMeanwhile(): ApiProblem {
  return new ApiProblem('conflict', 'The job was planned after this cursor was given: begin again without it.');
}

/** A retry has changed lines that were already given. */
function retriedMeanwhile(): ApiProblem {
  return new ApiProblem('conflict', 'The job was run again after this cursor was given: begin again without it.');
}
