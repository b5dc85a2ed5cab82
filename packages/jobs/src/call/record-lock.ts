import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** How often the holder renews the lock within the time after which it would be lost. */
const RENEWALS = 3;

/** Lets one worker of the account at a time read the upstream's record of calls. */
export interface RecordLock {
  /**
   * Runs the work while no other worker reads the record, however long it takes. False if another worker reads it now.
   * The signal aborts when the lock is lost, because Redis was away or this process stood still.
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
      const timer = setInterval(() => void keep(), timing.recordLockMs / RENEWALS);
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
