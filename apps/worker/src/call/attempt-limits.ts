import type { LossCount } from '@linkhaul/jobs';
import type { Fate } from '../look-up/attempt-fate.js';

/** Attempts that may fail, with a bad answer or none, before the call's rows fail. Attempts that were not sent do not count. */
export const MAX_FAILURES = 5;

/** Paid answers of a call that may be lost before its rows fail: no call is bought more often than this. */
const MAX_LOSSES = 2;

/** Workers that may die with a call in flight. Deploys kill workers too, but a call that kills every worker must end. */
const MAX_DEATHS = 20;

/** After this many deaths the call runs alone in its process, so that a further death is known to be its own doing. */
export const DEATHS_BEFORE_ALONE = 3;

const LIMITS: Readonly<Record<LossCount, number>> = { failures: MAX_FAILURES, losses: MAX_LOSSES, deaths: MAX_DEATHS };

/** What happened to a call's earlier attempts, and whether the worker of the present one died. */
interface Tries extends Readonly<Record<LossCount, number>> {
  readonly orphan: boolean;
}

/** Whether the answer was paid for, or may have been. */
export function isPaid({ kind, cost }: Fate): boolean {
  return kind === 'blind' || (kind === 'lost' && cost !== 0);
}

/** What the present attempt counts as. A worker's death is blamed on the call only if the call ran alone. */
export function countsAs(tries: Tries, fate: Fate): LossCount {
  const wasAlone = tries.deaths >= DEATHS_BEFORE_ALONE;
  if (isPaid(fate) && (!tries.orphan || wasAlone)) return 'losses';
  return tries.orphan ? 'deaths' : 'failures';
}

/** Whether the call is given up after this attempt instead of being sent again. */
export function isLast(tries: Tries, fate: Fate): boolean {
  const count = countsAs(tries, fate);
  return tries[count] + 1 >= LIMITS[count];
}
