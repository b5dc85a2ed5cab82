import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** How often a sweep says that it goes on, within the time after which it is over. */
const WORDS = 3;

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

export function createSweeps({ run, timing }: Access, account: string): Sweeps {
  const step = (id: string, name: 'begin' | 'keep' | 'end') =>
    run(sweepScript, { account, id, step: name, hold_ms: timing.sweepMs });
  return {
    async alone(id, work) {
      if (!(await step(id, 'begin'))) return false;
      const lost = new AbortController();
      const keep = async () => {
        if (!(await step(id, 'keep').catch(() => false))) lost.abort();
      };
      const timer = setInterval(() => void keep(), timing.sweepMs / WORDS);
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
