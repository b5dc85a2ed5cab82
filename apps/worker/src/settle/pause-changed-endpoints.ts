import type { Services } from '../services.js';

/** Answers of an endpoint cannot be read any more: whoever has met it stops paying for them, until somebody resumes the job. */
export async function pauseChanged({
  changedEndpoints,
  logger,
}: Pick<Services, 'changedEndpoints' | 'logger'>): Promise<void> {
  for (const { endpoint, host, tenant, jobs } of await changedEndpoints.pauseJobs()) {
    logger.error({ endpoint, host, tenant, jobs }, 'answers of an endpoint cannot be read: its jobs pause');
  }
}
