import { type JobRecord, jobView } from '@linkhaul/jobs';
import type { Job } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

/** The job as the API shows it, with the reason if it makes no progress. */
export async function showJob(record: JobRecord, { monitor }: Pick<Services, 'monitor'>): Promise<Job> {
  return jobView(record, await monitor.paceOf(record));
}
