/** How many items are read for one page at most: a filter that matches few must not read a tenant's whole history. */
const MOST_READ = 5_000;
const BATCH = 200;

interface Filtering<T> {
  /** Reads the items after a place; null is the start. */
  readonly read: (after: string | null, limit: number) => Promise<{ items: readonly T[]; next: string | null }>;
  readonly matches: (item: T) => boolean;
  /** The place right after an item. */
  readonly placeOf: (item: T) => string;
  readonly after: string | null;
  readonly limit: number;
}

/** The next items that match a filter. A page may have fewer than the limit while `next` is not null: the filter continues there. */
export async function filteredPage<T>({ read, matches, placeOf, after, limit }: Filtering<T>) {
  const items: T[] = [];
  let next = after;
  for (let count = 0; count < MOST_READ && items.length < limit; count += BATCH) {
    const page = await read(next, BATCH);
    const found = page.items.filter(matches);
    const fitting = found.slice(0, limit - items.length);
    items.push(...fitting);
    const last = fitting.at(-1);
    next = fitting.length < found.length && last !== undefined ? placeOf(last) : page.next;
    if (next === null) break;
  }
  return { items, next };
}
