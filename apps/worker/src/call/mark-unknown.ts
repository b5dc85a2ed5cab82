import type { Attempt } from '@linkhaul/jobs';
import type { Services } from '../services.js';

/** Marks an attempt that may have been executed as unknown: it will be looked up in the upstream's record. */
export async function markUnknown(
  attempt: Attempt,
  { ledger, worker, env, stopping }: Pick<Services, 'ledger' | 'worker' | 'env' | 'stopping'>,
): Promise<void> {
  // A stopping worker loses the answer through no fault of the call. Without a worker's name, this counts as the worker's death.
  const by = stopping.aborted ? '' : worker;
  await ledger.markUnknown(attempt, { by, lookUpAfterMs: env.unknown.lookUpAfterMs });
}
