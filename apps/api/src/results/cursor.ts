import { z } from 'zod';
import { invalidRequest } from '../problem.js';

const cursor = z.object({
  /** Invalid rows come first, then rows that have no plan, then the calls. */
  phase: z.enum(['invalid', 'unplanned', 'calls']),
  /** The next part of rows, or the next call number. */
  next: z.int().min(0),
  /** Calls before `next` that were not settled when it was passed: they are looked at again. */
  gaps: z.array(z.int()).max(100_000),
  /** A call that was begun and not given whole. */
  at: z.int().nullable(),
  /** Lines of the next batch that were given already. */
  skip: z.int().min(0),
});

/**
 * A place in a job's lines that stays right while the job runs: calls settle out of order, so that those that were
 * passed over are remembered and given later, each once.
 */
export type Cursor = z.infer<typeof cursor>;

export const START: Cursor = { phase: 'invalid', next: 0, gaps: [], at: null, skip: 0 };

export function encodeCursor(value: Cursor): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function decodeCursor(text: string): Cursor {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw invalidRequest('cursor', 'is not one that this server gave');
  }
}
