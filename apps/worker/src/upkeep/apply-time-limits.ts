import { type JobRecord, refOf } from '@linkhaul/jobs';
import type { Services } from '../services.js';

/**
 * What time does to a job: its deadline comes, or the budget of its tenant pays for calls again, as a new day begins or
 * somebody raises it.
 */
export async function judgeBounds(
  record: JobRecord,
  { ledger, queues, env }: Pick<Services, 'ledger' | 'queues' | 'env'>,
): Promise<void> {
  const job = refOf(record.description);
  if (record.bounds.deadline !== null) {
    const { last } = await ledger.judgeDeadline(job);
    if (last) await queues.add('finish', job);
  }
  if (record.status === 'paused' && record.reason === 'tenant_budget') {
    const { tenantDaily } = env;
    await ledger.act(job, { action: 'resume', by: 'system', reason: 'tenant_budget', tenantDaily });
  }
}
