import type { Nanos } from '@linkhaul/schemas';

/** Calls and charges by function within the present day or minute (UTC). Each day or minute begins at 0. */
export interface Tally {
  add(path: string, nanos: Nanos): void;
  read(): Tallied;
  clear(): void;
}

interface Tallied {
  /** The day or minute: `2026-11-22` or `2026-11-22 08:30`. */
  readonly value: string;
  readonly calls: ReadonlyMap<string, number>;
  readonly nanos: ReadonlyMap<string, Nanos>;
}

const LENGTHS = { day: 10, minute: 16 } as const;

export function createTally(stretch: keyof typeof LENGTHS, now: () => number): Tally {
  let value = '';
  const calls = new Map<string, number>();
  const nanos = new Map<string, Nanos>();
  const clear = () => {
    calls.clear();
    nanos.clear();
  };
  const turn = () => {
    const present = new Date(now()).toISOString().slice(0, LENGTHS[stretch]).replace('T', ' ');
    if (present !== value) clear();
    value = present;
  };
  return {
    add: (path, charged) => {
      turn();
      calls.set(path, (calls.get(path) ?? 0) + 1);
      nanos.set(path, (nanos.get(path) ?? 0) + charged);
    },
    read: () => {
      turn();
      return { value, calls, nanos };
    },
    clear,
  };
}

export function sumOf(values: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const value of values.values()) sum += value;
  return sum;
}
