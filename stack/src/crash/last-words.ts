import type { CrashedAt } from './points.js';

const MARK = '{"crashed_at":';

/** The line by which a worker says what it dies at. */
export function lastWords(at: CrashedAt): string {
  return `${MARK}${JSON.stringify(at)}}`;
}

/** What a worker that printed these lines died at; null where it did not die at its point. */
export function crashedAt(printed: string): CrashedAt | null {
  const line = printed.split('\n').find((text) => text.startsWith(MARK));
  return line === undefined ? null : JSON.parse(line).crashed_at;
}
