import type { LossCount } from '@linkhaul/jobs';
import type { Fate } from '../look-up/attempt-fate.js';

/** Attempts of a call that may fail, answered badly or not at all, before its rows do. Those that were never sent are not counted. */
export const MAX_FAILURES = 5;

/** Answers of a call that are paid for and lost before its rows fail: so often is it bought, and no more. */
const MAX_LOSSES = 2;

/** Workers that a call may lose. Deploys and machines that go down kill some; a call that kills each one must come to rest. */
const MAX_DEATHS = 20;

/** After so many dead workers a call runs with no other in its process: then its worker's death is its own doing. */
export const DEATHS_BEFORE_ALONE = 3;

const MOST: Readonly<Record<LossCount, number>> = { failures: MAX_FAILURES, losses: MAX_LOSSES, deaths: MAX_DEATHS };

/** What came of a call's earlier attempts, and whether the present one lost its worker. */
interface Tries extends Readonly<Record<LossCount, number>> {
  readonly orphan: boolean;
}

/** Whether the answer was paid for, or may have been. */
export function isPaid({ kind, cost }: Fate): boolean {
  return kind === 'blind' || (kind === 'lost' && cost !== 0);
}

/** A worker's death says nothing of a call that ran beside others. */
export function countsAs(tries: Tries, fate: Fate): LossCount {
  const wasAlone = tries.deaths >= DEATHS_BEFORE_ALONE;
  if (isPaid(fate) && (!tries.orphan || wasAlone)) return 'losses';
  return tries.orphan ? 'deaths' : 'failures';
}

/** Whether the call comes to rest with this attempt, rather than being sent again. */
export function isLast(tries: Tries, fate: Fate): boolean {
  const count = countsAs(tries, fate);
  return tries[count] + 1 >= MOST[count];
}
