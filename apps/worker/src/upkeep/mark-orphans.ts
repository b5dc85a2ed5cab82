import { markUnknown } from '../call/mark-unknown.js';
import type { Services } from '../services.js';

/** Added to the lease: a call that is `sending` for longer is overdue. */
const OVERDUE_MARGIN_MS = 5_000;

type MarkingServices = Pick<Services, 'calls' | 'orphans' | 'ledger' | 'env' | 'worker' | 'stopping'>;

/** Marks calls whose worker has died or has forgotten them as unknown, so that they are looked up. */
export async function markOrphans(services: MarkingServices): Promise<void> {
  const { calls, orphans, env } = services;
  for (const ref of await orphans.find(env.limits.leaseMs + OVERDUE_MARGIN_MS)) {
    const live = await calls.live(ref);
    if (live?.state === 'sending') await markUnknown({ ...ref, attempt: live.attempt }, services);
  }
}
