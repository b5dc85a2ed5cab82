import { z } from 'zod';
import { type CallRef, callFromName } from '../keys.js';
import { beatScript } from '../permit/workers.js';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** Calls that no worker will settle: their worker died while it waited for the answer, or has lost them. */
export interface Orphans {
  /** Called every second by a worker that has calls in flight, also while it drains. */
  beat(): Promise<void>;
  /**
   * Calls that are sending and whose worker has been silent for `timing.silentMs`. Called every few seconds. An overdue
   * call is left alone only while its worker is alive, and for a day at most.
   */
  find(overdueAfterMs: number): Promise<CallRef[]>;
}

const orphansScript = script<{ overdue_ms: number; silent_ms: number }>()('call/orphans', z.array(z.string()));

export function createOrphans({ run, timing }: Access, worker: string): Orphans {
  return {
    async beat() {
      await run(beatScript, { worker, places: null });
    },
    async find(overdueAfterMs) {
      const names = await run(orphansScript, { overdue_ms: overdueAfterMs, silent_ms: timing.silentMs });
      return names.map(callFromName);
    },
  };
}
