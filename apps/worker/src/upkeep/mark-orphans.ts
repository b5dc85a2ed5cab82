import { doubtOf } from '../call/mark-unknown.js';
import type { Services } from '../services.js';

/** After the end of its lease, a call that is still `sending` is overdue by so much. */
const OVERDUE_MARGIN_MS = 5_000;

type Marking = Pick<Services, 'calls' | 'orphans' | 'ledger' | 'env' | 'worker' | 'stopping'>;

/** Calls that nobody will settle are unknown from now on: they are looked up. */
export async function markOrphans(services: Marking): Promise<void> {
  const { calls, orphans, ledger, env } = services;
  for (const ref of await orphans.find(env.limits.leaseMs + OVERDUE_MARGIN_MS)) {
    const live = await calls.live(ref);
    if (live?.state !== 'sending') continue;
    await ledger.markUnknown({ ...ref, attempt: live.attempt }, doubtOf(services));
  }
}
