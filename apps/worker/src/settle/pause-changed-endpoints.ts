import type { Services } from '../services.js';

/** Pauses the tenant's jobs of an endpoint whose answers can no longer be read, so that no more of them are paid for. */
export async function pauseChangedEndpoints({
  changedEndpoints,
  logger,
}: Pick<Services, 'changedEndpoints' | 'logger'>): Promise<void> {
  for (const { endpoint, host, tenant, jobs } of await changedEndpoints.pauseJobs()) {
    logger.error({ endpoint, host, tenant, jobs }, 'answers of an endpoint cannot be read: its jobs pause');
  }
}
