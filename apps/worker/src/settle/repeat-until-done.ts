import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services.js';

const FIRST_MS = 100;
const CAP_MS = 5_000;

/**
 * Repeats a step that must not be lost, for as long as this process lives: an answer in hand was paid for, and storage
 * or Redis being away for a while is no reason to drop it. Every step given here can be repeated.
 */
export async function persist<T>(
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
      logger.warn({ err: error, tries }, 'could not persist, trying again');
      await sleep(Math.min(CAP_MS, FIRST_MS * 2 ** tries), undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
