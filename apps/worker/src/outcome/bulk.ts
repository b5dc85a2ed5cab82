import { type BulkEndpoint, matchKey, type UpstreamResult } from '@linkhaul/schemas';
import { type AnswerOutcome, EMPTY_TARGET, MISSING_TARGET } from '@linkhaul/storage';
import type { CallCounts, PlannedCall } from './outcome.js';

/**
 * Finds each target's item: to the letter first, then by normal form. The upstream's order is never trusted. An answer
 * without any item is empty for all; a target left out of an answer that has items is missing.
 */
export function bulkOutcome(endpoint: BulkEndpoint, call: PlannedCall, result: UpstreamResult | null): AnswerOutcome {
  if (result === null) return { kind: 'bulk', items: call.targets.map(() => EMPTY_TARGET) };
  const exact = new Map<string, number>();
  const byKey = new Map<string, number>();
  (result.items ?? []).forEach((item, position) => {
    const name = item?.[endpoint.targetField];
    if (typeof name !== 'string') return;
    if (!exact.has(name)) exact.set(name, position);
    const key = matchKey(name);
    if (!byKey.has(key)) byKey.set(key, position);
  });
  const items = call.targets.map(({ target }) => exact.get(target) ?? byKey.get(matchKey(target)) ?? MISSING_TARGET);
  return { kind: 'bulk', items };
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
