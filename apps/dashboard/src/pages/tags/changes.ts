import type { Change } from '@linkhaul/schemas';

export type Kind = Change['change'];
export type Order = 'largest' | 'gains' | 'losses' | 'list';

/** Gains and losses come first, then kinds without either, in this order. */
const KINDS: readonly Kind[] = ['new', 'lost', 'changed', 'unknown', 'removed', 'same'];

/**
 * By how much a field rose or fell. A new row rose from nothing, and a lost row fell to nothing. Null if that is unknown: a row that
 * failed, or was not submitted again, has lost nothing.
 */
export function moveOf({ change, before, after, delta }: Change, field: string): number | null {
  if (change === 'new') return numberIn(after, field);
  if (change === 'lost') {
    const was = numberIn(before, field);
    return was === null ? null : -was;
  }
  return change === 'changed' ? numberIn(delta, field) : null;
}

/** The changes of these kinds whose target or item contains the text, with the largest moves first. */
export function shownChanges(
  changes: readonly Change[],
  { kinds, text, field, order }: { kinds: ReadonlySet<Kind>; text: string; field: string; order: Order },
): readonly Change[] {
  const part = text.trim().toLowerCase();
  const chosen = changes.filter(
    (change) => (kinds.size === 0 || kinds.has(change.change)) && (part === '' || holds(change, part)),
  );
  if (order === 'list') return chosen;
  // The sort is stable, so equal changes keep the service's order, which is that of the list.
  return chosen
    .map((change) => ({ change, rank: rankOf(change, field, order) }))
    .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1])
    .map(({ change }) => change);
}

/** The fields, those that differ in the most changes first, and those that never differ last. */
export function fieldsByUse(fields: readonly string[], changes: readonly Change[]): readonly string[] {
  const uses = new Map<string, number>(fields.map((field) => [field, 0]));
  for (const { delta } of changes) {
    for (const field of Object.keys(delta ?? {})) {
      const used = uses.get(field);
      if (used !== undefined) uses.set(field, used + 1);
    }
  }
  return fields.toSorted((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
}

function rankOf(change: Change, field: string, order: Order): readonly [number, number] {
  const move = moveOf(change, field);
  if (move === null || move === 0) return [2 + KINDS.indexOf(change.change), 0];
  if (order === 'largest') return [0, -Math.abs(move)];
  // Gains by size, then losses by size, or the other way round.
  const isWanted = order === 'gains' ? move > 0 : move < 0;
  return [isWanted ? 0 : 1, -Math.abs(move)];
}

function holds({ key, input, id }: Change, part: string): boolean {
  return [...Object.values(key), input, id].some((text) => text?.toLowerCase().includes(part) === true);
}

function numberIn(values: Readonly<Record<string, unknown>> | null, field: string): number | null {
  const value = values?.[field];
  return typeof value === 'number' ? value : null;
}
