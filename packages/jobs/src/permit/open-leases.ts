import type { Attempt } from '../call/settlement.js';

/** What a worker holds, to be said again to a Redis that may have lost it. */
export interface OpenLease {
  readonly lease: string;
  /** Null where the request is no call. */
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
export interface OpenLeases {
  add(lease: OpenLease): void;
  remove(lease: string): void;
  all(): OpenLease[];
}

export function createOpenLeases(leaseMs: number): OpenLeases {
  const open = new Map<string, { lease: OpenLease; until: number }>();
  return {
    add: (lease) => {
      open.set(lease.lease, { lease, until: performance.now() + leaseMs });
    },
    remove: (lease) => {
      open.delete(lease);
    },
    all: () => {
      for (const [name, { until }] of open) if (until < performance.now()) open.delete(name);
      return [...open.values()].map(({ lease }) => lease);
    },
  };
}
