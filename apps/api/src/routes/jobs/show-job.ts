import { type JobRecord, jobView } from '@linkhaul/jobs';
import type { Job } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

/** A job as it is now, and why it does not go on where it does not. */
export async function showJob(record: JobRecord, { outlooks }: Pick<Services, 'outlooks'>): Promise<Job> {
  return jobView(record, await outlooks.of(record));
}
