import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.js';

const FIRST_MS = 100;
const CAP_MS = 5_000;

/**
 * Repeats a step until it succeeds or the process stops. Used after an answer arrives: the answer was paid for, and must not be
 * dropped because storage or Redis is away for a while. The step must be safe to repeat.
 */
export async function repeatUntilDone<T>(
  { stopping, logger }: Pick<Services, 'stopping' | 'logger'>,
  step: () => Promise<T>,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await step();
    } catch (error) {
      onFailure(error);
      if (stopping.aborted) throw error;
      logger.warn({ err: error, tries }, 'could not record the outcome of a call: trying again');
      await sleep(Math.min(CAP_MS, FIRST_MS * 2 ** tries), undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
