import type { Services } from '../services.js';

/**
 * What this worker says of an attempt that may have been executed. One that stops says it in nobody's name: that the answer
 * is lost is its own doing, as if it had died, and not the call's.
 */
export function doubtOf({ worker, env, stopping }: Pick<Services, 'worker' | 'env' | 'stopping'>): {
  by: string;
  lookUpAfterMs: number;
} {
  return { by: stopping.aborted ? '' : worker, lookUpAfterMs: env.unknown.lookUpAfterMs };
}
