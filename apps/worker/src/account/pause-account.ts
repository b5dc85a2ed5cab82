import { jobFromName, type OutageReason } from '@linkhaul/jobs';
import type { Services } from '../services.js';

/** Pauses all jobs of the account because of an outage. Probes find out when it is over. */
export async function pauseAccount(
  reason: OutageReason,
  { outage, store, jobSteps, logger }: Pick<Services, 'outage' | 'store' | 'jobSteps' | 'logger'>,
): Promise<void> {
  await outage.begin(reason);
  const names = await store.active();
  for (const name of names) await jobSteps.act(jobFromName(name), { action: 'pause', by: 'system', reason });
  logger.warn({ reason, jobs: names.length }, 'account paused');
}
