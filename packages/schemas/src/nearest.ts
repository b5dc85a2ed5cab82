/** All names are shorter, so a longer text is no mistyped name. Only this much of a candidate is compared. */
const TOO_LONG = 64;

/**
 * The candidate that a mistyped name most likely meant, or null if none is near.
 * A name that is the last part of a dotted candidate counts as near (`backlinks` for `page_summary.backlinks`).
 */
export function nearest(name: string, candidates: readonly string[]): string | null {
  if (name.length >= TOO_LONG) return null;
  const byLastPart = name === '' ? undefined : candidates.find((candidate) => candidate.endsWith(`.${name}`));
  if (byLastPart !== undefined) return byLastPart;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate.slice(0, TOO_LONG));
    if (distance < bestDistance && distance <= farthest(name, candidate)) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Below this, two errors make any word of any other. */
const SHORT = 5;

/**
 * The most errors in a mistyped name: one in a short name, unless only its end is missing; two in a longer one, or one per
 * three letters. Never as many as the name has letters.
 */
function farthest(name: string, candidate: string): number {
  const most = name.length < SHORT && !candidate.startsWith(name) ? 1 : Math.max(2, Math.floor(name.length / 3));
  return Math.min(most, name.length - 1);
}

/** How many letters are wrong, missing or too many, or pairs of neighbours swapped, by the three-row method. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
