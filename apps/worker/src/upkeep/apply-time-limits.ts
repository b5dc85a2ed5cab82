import { type JobRecord, refOf } from '@linkhaul/jobs';
import type { Services } from '../services.js';

/** Ends a job whose deadline has passed. Resumes a job that waits for its tenant's or watch's budget if there is money again. */
export async function applyTimeLimits(
  record: JobRecord,
  { jobSteps, queues, env }: Pick<Services, 'jobSteps' | 'queues' | 'env'>,
): Promise<void> {
  const job = refOf(record.description);
  if (record.bounds.deadline !== null) {
    const { last } = await jobSteps.judgeDeadline(job);
    if (last) await queues.add('finish', job);
  }
  const { status, reason } = record;
  if (status === 'paused' && (reason === 'tenant_budget' || reason === 'watch_budget')) {
    const { tenantDaily } = env;
    await jobSteps.act(job, { action: 'resume', by: 'system', reason, tenantDaily });
  }
}
