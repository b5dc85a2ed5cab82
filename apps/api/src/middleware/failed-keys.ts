import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '../problem.js';

/** So many wrong keys an address may send in a window before its answers are held. */
const FREE = 20;
const WINDOW_MS = 60_000;
/** How long an answer to one more is held, and how many of an address are at once. */
const HELD_MS = 1_000;
const MOST_HELD = 16;
/** The oldest are forgotten beyond so many. */
const MOST_ADDRESSES = 10_000;
const MOST_KNOWN = 10_000;

interface Address {
  readonly since: number;
  failed: number;
  held: number;
}

/** Slows who tries keys, by address. Who has a key that was right here before is not held up by others at the same address. */
export interface FailedKeys {
  /** Before a key is looked at; by its hash. Throws where too many answers of its address are held. */
  admit(address: string, hash: string): void;
  right(hash: string): void;
  /** Waits where the address has tried too many, and gives what to answer with then; null: as any wrong key is. */
  wrong(address: string): Promise<ApiProblem | null>;
}

export function createFailedKeys(now: () => number = performance.now.bind(performance)): FailedKeys {
  const addresses = new Map<string, Address>();
  const known = new Set<string>();
  const open = (name: string): Address | undefined => {
    const address = addresses.get(name);
    if (address === undefined || address.held > 0 || now() - address.since < WINDOW_MS) return address;
    addresses.delete(name);
    return undefined;
  };
  const begun = (name: string): Address => {
    const address = open(name) ?? { since: now(), failed: 0, held: 0 };
    addresses.set(name, address);
    forgetOldest(addresses, MOST_ADDRESSES);
    return address;
  };
  return {
    admit(name, hash) {
      if ((open(name)?.held ?? 0) >= MOST_HELD && !known.has(hash)) throw tooMany();
    },
    right(hash) {
      known.delete(hash);
      known.add(hash);
      forgetOldest(known, MOST_KNOWN);
    },
    async wrong(name) {
      const address = begun(name);
      address.failed++;
      if (address.failed <= FREE) return null;
      address.held++;
      await sleep(HELD_MS, undefined, { ref: false });
      address.held--;
      return tooMany();
    },
  };
}

/** Maps and sets keep the order in which their members came. */
function forgetOldest(members: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of members.keys()) {
    if (members.size <= most) return;
    members.delete(oldest);
  }
}

function tooMany(): ApiProblem {
  return new ApiProblem('too_many_requests', 'Too many wrong keys came from this address: wait before the next one.', {
    headers: { 'retry-after': String(WINDOW_MS / 1000) },
  });
}
