/** A number for each name. The name null is not counted. */
export interface Counts {
  add(name: string | null): void;
  remove(name: string | null): void;
  of(name: string | null): number;
  /** The sum over all names. */
  readonly total: number;
}

export function createCounts(): Counts {
  const counts = new Map<string, number>();
  let total = 0;
  const change = (name: string | null, by: 1 | -1) => {
    if (name === null) return;
    total += by;
    const now = (counts.get(name) ?? 0) + by;
    if (now === 0) counts.delete(name);
    else counts.set(name, now);
  };
  return {
    add: (name) => change(name, 1),
    remove: (name) => change(name, -1),
    of: (name) => (name === null ? 0 : (counts.get(name) ?? 0)),
    get total() {
      return total;
    },
  };
}
