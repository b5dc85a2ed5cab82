import type { CrashedAt } from './points.js';

const MARK = '{"crashed_at":';

/** The line that a worker prints just before it kills itself. */
export function lastWords(at: CrashedAt): string {
  return `${MARK}${JSON.stringify(at)}}`;
}

/** Reads from a worker's output at which call or job it killed itself. Null if it did not reach its crash point. */
export function crashedAt(printed: string): CrashedAt | null {
  const line = printed.split('\n').find((text) => text.startsWith(MARK));
  return line === undefined ? null : JSON.parse(line).crashed_at;
}
