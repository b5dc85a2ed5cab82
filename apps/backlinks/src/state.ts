import type { AccountSettings } from './account.js';
import { createFaults, type Faults } from './faults.js';
import { createLimits, type Limits } from './limits.js';
import { createPastCalls, type PastCalls } from './past-calls.js';
import { createRecord, type RequestRecord } from './record.js';

/** All that changes while the process runs. */
export interface State {
  /** Changed in place, so that every part sees the new values. */
  readonly settings: AccountSettings;
  readonly limits: Limits;
  readonly record: RequestRecord;
  readonly calls: PastCalls;
  readonly faults: Faults;
  /** As at the start: nothing recorded, no faults, the first settings. */
  reset(): void;
}

export function createState(initial: AccountSettings, now: () => number): State {
  const settings = { ...initial };
  const parts = {
    limits: createLimits(settings, now),
    record: createRecord(now),
    calls: createPastCalls(now),
    faults: createFaults(),
  };
  const reset = () => {
    Object.assign(settings, initial);
    for (const part of Object.values(parts)) part.clear();
  };
  return { settings, ...parts, reset };
}
