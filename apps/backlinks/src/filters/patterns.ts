import { z } from 'zod';
import type { Queries } from '../graph/queries.js';
import { InvalidInput } from '../graph/statements.js';

/** Whether RE2 takes each of the patterns. */
export async function areExpressions(queries: Queries, patterns: readonly string[]): Promise<boolean> {
  for (const pattern of patterns) {
    try {
      await queries.row("SELECT is_matched('', $pattern) AS found", { pattern }, z.object({ found: z.unknown() }));
    } catch (error) {
      if (error instanceof InvalidInput) return false;
      throw error;
    }
  }
  return true;
}
