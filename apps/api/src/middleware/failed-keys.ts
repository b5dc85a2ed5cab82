import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '../problem.js';

/** Wrong keys that an address may send in a window before its refusals are delayed. */
const FREE = 20;
const WINDOW_MS = 60_000;
/** How long a refusal is delayed beyond that, and how many requests of an address may be delayed or looked up at once. */
const HELD_MS = 1_000;
const PLACES = 16;
/** Beyond these sizes the oldest entries are dropped. */
const MOST_ADDRESSES = 10_000;
const MOST_KNOWN = 10_000;

interface Address {
  readonly since: number;
  failed: number;
  held: number;
  /** Hashes of the keys being looked up, with the number of requests that wait for each. */
  readonly lookedUp: Map<string, number>;
}

/** Slows addresses that try keys. A client whose key was valid before is not delayed by others at the same address. */
export interface FailedKeys {
  /**
   * Looks a key up by its hash; null if the key is wrong. Throws if the address has no place left, or, after the delay, if it has
   * sent too many wrong keys. A client of unknown address (null) is neither counted nor slowed.
   */
  judge<T>(address: string | null, hash: string, find: Find<T>): Promise<T | null>;
}

type Find<T> = () => Promise<T | null>;

export function createFailedKeys(now: () => number = performance.now.bind(performance)): FailedKeys {
  const addressOf = createAddresses(now);
  const known = new Set<string>();
  const remember = (hash: string, isRight: boolean) => {
    known.delete(hash);
    if (isRight) known.add(hash);
    forgetOldest(known, MOST_KNOWN);
  };
  return {
    async judge(name, hash, find) {
      if (name === null) return find();
      const address = addressOf(name);
      const leave = known.has(hash) ? null : enter(address, hash);
      let found: Awaited<ReturnType<typeof find>>;
      try {
        found = await find();
      } finally {
        leave?.();
      }
      // No await in between: the place of a wrong key passes to its delayed refusal.
      remember(hash, found !== null);
      if (found === null) await slow(address);
      return found;
    },
  };
}

function createAddresses(now: () => number): (name: string) => Address {
  const addresses = new Map<string, Address>();
  return (name) => {
    const before = addresses.get(name);
    if (before !== undefined && (placesTaken(before) > 0 || now() - before.since < WINDOW_MS)) return before;
    addresses.delete(name);
    const address = { since: now(), failed: 0, held: 0, lookedUp: new Map<string, number>() };
    addresses.set(name, address);
    forgetOldest(addresses, MOST_ADDRESSES);
    return address;
  };
}

function placesTaken({ held, lookedUp }: Address): number {
  return held + lookedUp.size;
}

/** Takes a place for a key. Requests with the same key share it, so that a client with one key needs one place. */
function enter(address: Address, hash: string): () => void {
  const { lookedUp, failed } = address;
  const isFull = placesTaken(address) >= PLACES + Math.max(0, FREE - failed);
  if (isFull && !lookedUp.has(hash)) throw tooMany();
  lookedUp.set(hash, (lookedUp.get(hash) ?? 0) + 1);
  return () => {
    const others = (lookedUp.get(hash) ?? 0) - 1;
    if (others > 0) lookedUp.set(hash, others);
    else lookedUp.delete(hash);
  };
}

async function slow(address: Address): Promise<void> {
  address.failed++;
  if (address.failed <= FREE) return;
  // Of several requests with the same wrong key, only one had a place.
  if (placesTaken(address) < PLACES) {
    address.held++;
    await sleep(HELD_MS, undefined, { ref: false });
    address.held--;
  }
  throw tooMany();
}

/** Maps and sets keep insertion order, so the first member is the oldest. */
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
