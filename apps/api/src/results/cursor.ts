import { type Cursor, type CursorRefused, decodeRanges, encodeRanges } from '@linkhaul/results';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';

/** The listing that a cursor belongs to. */
export interface CursorOwner {
  readonly name: string;
  readonly jobId: string;
  /** How many further runs were planned: each replaces lines of earlier runs. */
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
  z.int().min(0).optional(),
]);

export function encodeCursor(
  { phase, next, gaps, at, part, skip }: Cursor,
  { name, jobId, furtherRuns }: CursorOwner,
): string {
  const place = [name, jobId, furtherRuns, phase, next, encodeRanges(gaps), at, skip] as const;
  const fields: z.infer<typeof encoded> = part === 0 ? [...place] : [...place, part];
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

export function decodeCursor(text: string, owner: CursorOwner): Cursor {
  const [name, jobId, furtherRuns, phase, next, ranges, at, skip, part = 0] = parse(text);
  const gaps = decodeRanges(ranges);
  const last = gaps?.at(-1)?.[1] ?? 0;
  if (name !== owner.name || jobId !== owner.jobId || gaps === null || last >= Math.max(next, 1)) throw unknownCursor();
  if (furtherRuns !== owner.furtherRuns) throw retriedMeanwhile();
  return { phase, next, gaps, at, part, skip };
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

/** The refusal for a cursor that packages/results has refused. */
export function refusedCursor({ why }: CursorRefused): ApiProblem {
  if (why === 'unknown') return unknownCursor();
  return new ApiProblem('conflict', 'The job was planned after this cursor was given: begin again without it.');
}

/** The refusal after a retry that changed lines which earlier pages already had. */
function retriedMeanwhile(): ApiProblem {
  return new ApiProblem('conflict', 'The job was run again after this cursor was given: begin again without it.');
}
