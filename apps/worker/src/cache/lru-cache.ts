/** Keeps the most recently used entries, up to a total weight. The newest entry is kept whatever it weighs. */
export interface LruCache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T, weight?: number): void;
}

interface Entry<T> {
  readonly value: T;
  readonly weight: number;
}

export function createLruCache<T>(most: number): LruCache<T> {
  // A Map keeps insertion order, so its first key is the least recently used.
  const entries = new Map<string, Entry<T>>();
  let weight = 0;
  const take = (key: string): Entry<T> | undefined => {
    const entry = entries.get(key);
    entries.delete(key);
    weight -= entry?.weight ?? 0;
    return entry;
  };
  const put = (key: string, entry: Entry<T>) => {
    entries.set(key, entry);
    weight += entry.weight;
  };
  return {
    get(key) {
      const entry = take(key);
      if (entry === undefined) return undefined;
      put(key, entry);
      return entry.value;
    },
    set(key, value, weighs = 1) {
      take(key);
      put(key, { value, weight: weighs });
      for (const oldest of entries.keys()) {
        if (weight <= most || entries.size === 1) break;
        take(oldest);
      }
    },
  };
}
