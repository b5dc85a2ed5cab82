import type { PlannedTarget } from '@linkhaul/storage';

/** A call and its targets. */
export interface PlannedCall {
  readonly call: number;
  readonly targets: readonly PlannedTarget[];
}

/** The rows that a call decided, by outcome, and the items that it bought. */
export interface CallCounts {
  readonly ok: number;
  readonly empty: number;
  readonly failed: number;
  readonly items: number;
}

export function rowsOf(call: PlannedCall): number {
  return call.targets.reduce((rows, target) => rows + target.rows.length, 0);
}
