import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** How often a reader says that it goes on, within the time after which its lock is lost. */
const WORDS = 3;

/** The upstream's record of calls is read by one worker of the account at a time. */
export interface RecordLock {
  /**
   * Does the work while no other worker reads the record, however long it takes; false where one does. The signal aborts
   * when the lock is lost: Redis was away, or this process stood still.
   */
  alone(id: string, work: (lost: AbortSignal) => Promise<void>): Promise<boolean>;
}

const lockScript = script<{ account: string; id: string; step: 'begin' | 'keep' | 'end'; hold_ms: number }>()(
  'call/lock_record',
  z.number().transform((answer) => answer === 1),
);

export function createRecordLock({ run, timing }: Access, account: string): RecordLock {
  const step = (id: string, name: 'begin' | 'keep' | 'end') =>
    run(lockScript, { account, id, step: name, hold_ms: timing.recordLockMs });
  return {
    async alone(id, work) {
      if (!(await step(id, 'begin'))) return false;
      const lost = new AbortController();
      const keep = async () => {
        if (!(await step(id, 'keep').catch(() => false))) lost.abort();
      };
      const timer = setInterval(() => void keep(), timing.recordLockMs / WORDS);
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
