import { type BulkEndpoint, isObject, matchKey } from '@linkhaul/schemas';
import { type AnswerOutcome, EMPTY_TARGET, MISSING_TARGET } from '@linkhaul/storage';
import type { CallCounts, PlannedCall } from './planned-call.js';

type BulkOutcome = Extract<AnswerOutcome, { kind: 'bulk' }>;

/** The outcome of an answer that has nothing for any target. */
export function emptyBulk(call: PlannedCall): BulkOutcome {
  return { kind: 'bulk', items: call.targets.map(() => EMPTY_TARGET) };
}

/**
 * Finds each target's item by its name: the exact name first, then its normal form, never by the order of the items. A target
 * without an item is missing.
 */
export function bulkOutcome(endpoint: BulkEndpoint, call: PlannedCall, elements: readonly unknown[]): BulkOutcome {
  const exact = new Map<string, number>();
  elements.forEach((element, position) => {
    const name = isObject(element) ? element[endpoint.targetField] : null;
    if (typeof name === 'string' && !exact.has(name)) exact.set(name, position);
  });
  let byKey: Map<string, number> | null = null;
  const items = call.targets.map(({ target }) => {
    const at = exact.get(target);
    if (at !== undefined) return at;
    byKey ??= positionsByKey(exact);
    return byKey.get(matchKey(target)) ?? MISSING_TARGET;
  });
  return { kind: 'bulk', items };
}

/** Built only when an exact name is missing: most answers name every target exactly. */
function positionsByKey(exact: ReadonlyMap<string, number>): Map<string, number> {
  const byKey = new Map<string, number>();
  for (const [name, position] of exact) {
    const key = matchKey(name);
    if (!byKey.has(key)) byKey.set(key, position);
  }
  return byKey;
}

/** Every row of a target has the target's outcome. An item that several rows share was bought once, and counts once. */
export function countBulk(call: PlannedCall, items: readonly number[]): CallCounts {
  const counts = { ok: 0, empty: 0, failed: 0, items: 0 };
  call.targets.forEach(({ rows }, position) => {
    const at = items[position] ?? MISSING_TARGET;
    if (at === EMPTY_TARGET) counts.empty += rows.length;
    else if (at === MISSING_TARGET) counts.failed += rows.length;
    else {
      counts.ok += rows.length;
      counts.items++;
    }
  });
  return counts;
}
