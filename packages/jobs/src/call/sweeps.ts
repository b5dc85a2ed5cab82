import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** Without another word a sweep is over after this long: its worker has died. */
const HELD_MS = 10_000;
const KEEP_EVERY_MS = 3_000;

/** Sweeps over the upstream's record of calls: one at a time over all workers of the account. */
export interface Sweeps {
  /**
   * Does the work while no other worker sweeps, however long it takes; false where one does. The signal aborts when the
   * sweep is this one's no more: Redis was away, or this process stood still.
   */
  alone(id: string, work: (lost: AbortSignal) => Promise<void>): Promise<boolean>;
}

const sweepScript = script<{ account: string; id: string; step: 'begin' | 'keep' | 'end'; hold_ms: number }>()(
  'call/sweep',
  z.number().transform((answer) => answer === 1),
);

export function createSweeps({ run }: Access, account: string): Sweeps {
  const step = (id: string, name: 'begin' | 'keep' | 'end') =>
    run(sweepScript, { account, id, step: name, hold_ms: HELD_MS });
  return {
    async alone(id, work) {
      if (!(await step(id, 'begin'))) return false;
      const lost = new AbortController();
      const keep = async () => {
        if (!(await step(id, 'keep').catch(() => false))) lost.abort();
      };
      const timer = setInterval(() => void keep(), KEEP_EVERY_MS);
      try {
        await work(lost.signal);
      } finally {
        clearInterval(timer);
        await step(id, 'end');
      }
      return true;
    },
  };
}
