/** The last entries of a log, in order, each with its number from 1 on. */
export interface RollingLog<T> {
  push(entry: T): void;
  /** Entries with a higher number, oldest first. */
  after(number: number, limit: number): { readonly entries: readonly T[]; readonly last: number };
  all(): readonly T[];
  /** How many entries have been added in total. */
  count(): number;
  clear(): void;
}

/** `kept` returns how many entries to keep. It is called for each entry, because a setting may change it. */
export function createRollingLog<T>(kept: () => number): RollingLog<T> {
  let entries: T[] = [];
  let before = 0;
  // Old entries are cut off rarely, so that each entry is moved only a few times.
  const trim = (slack: number) => {
    const excess = entries.length - kept();
    if (excess <= slack) return;
    entries.splice(0, excess);
    before += excess;
  };
  return {
    push: (entry) => {
      entries.push(entry);
      trim(1000 + kept() / 4);
    },
    after: (number, limit) => {
      trim(0);
      const from = Math.max(0, number - before);
      const page = entries.slice(from, from + limit);
      return { entries: page, last: page.length === 0 ? Math.max(number, before) : before + from + page.length };
    },
    all: () => {
      trim(0);
      return entries;
    },
    count: () => before + entries.length,
    clear: () => {
      entries = [];
      before = 0;
    },
  };
}
