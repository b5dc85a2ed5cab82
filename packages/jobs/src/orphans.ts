import { z } from 'zod';
import { type CallRef, callFromName } from './keys.js';
import type { RunScript } from './scripts.js';

/** Calls whose worker has died while it waited for their answer. */
export interface Orphans {
  /** To be said every second by a worker that has calls in flight, also while it drains. */
  beat(): Promise<void>;
  /** Calls that are sending, and whose worker has been silent for ten seconds. To be asked every few seconds. */
  find(): Promise<CallRef[]>;
}

const names = z.array(z.string());

export function createOrphans(run: RunScript, worker: string): Orphans {
  return {
    async beat() {
      await run('orphans', 'beat', worker);
    },
    find: async () => names.parse(await run('orphans', 'find', worker)).map(callFromName),
  };
}
