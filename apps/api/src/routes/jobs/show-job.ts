import { type JobRecord, jobView } from '@linkhaul/jobs';
import type { Job } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

/** The job as the API shows it, with the reason if it makes no progress. */
export async function showJob(record: JobRecord, { outlooks }: Pick<Services, 'outlooks'>): Promise<Job> {
  return jobView(record, await outlooks.of(record));
}
