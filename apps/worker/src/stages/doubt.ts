import type { Services } from '../services.js';

/** What this worker says of an attempt that may have been executed. */
export function doubtOf({ worker, env }: Pick<Services, 'worker' | 'env'>): { by: string; lookUpAfterMs: number } {
  return { by: worker, lookUpAfterMs: env.unknown.lookUpAfterMs };
}
