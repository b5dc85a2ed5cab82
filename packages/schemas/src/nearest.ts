/**
 * The candidate that a mistyped name most likely meant, or null where none is near.
 * A name that is the last part of a dotted candidate counts as near (`backlinks` for `page_summary.backlinks`).
 */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const byLastPart = candidates.find((candidate) => candidate.endsWith(`.${name}`));
  if (byLastPart !== undefined) return byLastPart;
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance by the two-row method. Names are short; longer ones are cut. */
function editDistance(left: string, right: string): number {
  const a = left.slice(0, 64);
  const b = right.slice(0, 64);
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
