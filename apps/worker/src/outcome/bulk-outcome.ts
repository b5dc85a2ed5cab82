import { type BulkEndpoint, isObject, matchKey } from '@linkhaul/schemas';
import { type AnswerOutcome, EMPTY_TARGET, MISSING_TARGET } from '@linkhaul/storage';
import type { CallCounts, PlannedCall } from './planned-call.js';

/** Of an answer that says that there is nothing. */
export function emptyBulk(call: PlannedCall): AnswerOutcome {
  return { kind: 'bulk', items: call.targets.map(() => EMPTY_TARGET) };
}

/**
 * Finds each target's item: to the letter first, then by normal form. The upstream's order is never trusted. A target that
 * an answer with items leaves out is missing.
 */
export function bulkOutcome(endpoint: BulkEndpoint, call: PlannedCall, elements: readonly unknown[]): AnswerOutcome {
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

/** Most answers name every target to the letter: normal forms are made for the others alone. */
function positionsByKey(exact: ReadonlyMap<string, number>): Map<string, number> {
  const byKey = new Map<string, number>();
  for (const [name, position] of exact) {
    const key = matchKey(name);
    if (!byKey.has(key)) byKey.set(key, position);
  }
  return byKey;
}

/** Rows by outcome: every row that asked for a target has the target's. Items are counted once, as they were bought. */
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
