import type { Attempt } from '../call/settlement.js';
import { createLately } from '../redis/lately.js';

/** A lease that this process holds. It is reasserted to a Redis that may have lost it. */
export interface HeldLease {
  readonly lease: string;
  /** Null if the request is not a call. */
  readonly call:
    | (Attempt & {
        readonly sentAt: number;
        readonly rows: number;
        readonly items: number;
        readonly reserve: number;
        readonly nonce: string;
      })
    | null;
}

/** Leases of this process, from the grant until they are released or have run out. */
export interface HeldLeases {
  add(lease: HeldLease): void;
  remove(lease: string): void;
  all(): HeldLease[];
  /** Leases that were removed in the last seconds, which Redis may have lost. */
  ended(): string[];
}

export function createHeldLeases(leaseMs: number): HeldLeases {
  const held = new Map<string, { lease: HeldLease; until: number }>();
  const ended = createLately<string>();
  return {
    add: (lease) => {
      held.set(lease.lease, { lease, until: performance.now() + leaseMs });
    },
    remove: (lease) => {
      if (held.delete(lease)) ended.add(lease);
    },
    all: () => {
      for (const [name, { until }] of held) if (until < performance.now()) held.delete(name);
      return [...held.values()].map(({ lease }) => lease);
    },
    ended: ended.all,
  };
}
