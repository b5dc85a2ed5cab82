/** Names are short; of a longer one only this much is compared. */
const MAX_COMPARED = 64;

/**
 * The candidate that a mistyped name most likely meant, or null where none is near.
 * A name that is the last part of a dotted candidate counts as near (`backlinks` for `page_summary.backlinks`).
 */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const byLastPart = name === '' ? undefined : candidates.find((candidate) => candidate.endsWith(`.${name}`));
  if (byLastPart !== undefined) return byLastPart;
  const typed = name.slice(0, MAX_COMPARED);
  let best: string | null = null;
  let bestDistance = farthest(typed) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(typed, candidate.slice(0, MAX_COMPARED));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Two typing errors, or one in three letters; never so many that nothing of the name is left. */
function farthest(name: string): number {
  return Math.min(Math.max(2, Math.floor(name.length / 3)), name.length - 1);
}

/** Levenshtein distance by the two-row method. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
