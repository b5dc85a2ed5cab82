import { usdOf } from '@linkhaul/schemas';
import type { AccountChanges, AccountSettings } from './account.js';
import { type Balance, createBalance } from './balance.js';
import { createFaults, type Faults } from './faults/faults.js';
import { createGate, type Gate } from './gate.js';
import { createLatency } from './latency.js';
import { createLimits, type Limits } from './limits.js';
import { createPastCalls, type PastCalls } from './past-calls.js';
import { createRecord, type RequestRecord } from './record.js';

/** Everything that changes while the process runs. */
export interface State {
  /** Changed in place, so that every part sees the new values. The balance in it is the amount that was last set. */
  readonly settings: Readonly<AccountSettings>;
  readonly balance: Balance;
  readonly limits: Limits;
  readonly record: RequestRecord;
  readonly calls: PastCalls;
  readonly faults: Faults;
  /** The least time that the next call takes, in milliseconds. */
  latency(): number;
  readonly gate: Pick<Gate, 'passed'>;
  change(changes: AccountChanges): void;
  /** The settings, with the present balance. */
  present(): AccountSettings;
  /** Restores the state of the start: nothing recorded, no faults, the first settings. */
  reset(): void;
}

export function createState(initial: AccountSettings, now: () => number): State {
  const settings = { ...initial };
  const gate = createGate(settings);
  const parts = {
    balance: createBalance(settings, now),
    limits: createLimits(settings, now),
    record: createRecord(settings, now),
    calls: createPastCalls(now),
    faults: createFaults(),
  };
  return {
    settings,
    ...parts,
    latency: createLatency(settings),
    gate,
    change: (changes) => {
      Object.assign(settings, changes);
      if (changes.balance_usd !== undefined) parts.balance.set();
      gate.update();
    },
    present: () => ({ ...settings, balance_usd: usdOf(parts.balance.left()) }),
    reset: () => {
      Object.assign(settings, initial);
      for (const part of Object.values(parts)) part.clear();
      gate.update();
    },
  };
}
