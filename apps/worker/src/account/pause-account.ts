import { jobFromName, type OutageReason } from '@linkhaul/jobs';
import type { Services } from '../services.js';

/** The account cannot go on: every job of it waits, and nothing is lost. Probes find out when it is over. */
export async function pauseAccount(
  reason: OutageReason,
  { outage, store, ledger, logger }: Pick<Services, 'outage' | 'store' | 'ledger' | 'logger'>,
): Promise<void> {
  await outage.begin(reason);
  const names = await store.active();
  for (const name of names) await ledger.act(jobFromName(name), { action: 'pause', by: 'system', reason });
  logger.warn({ reason, jobs: names.length }, 'account paused');
}
