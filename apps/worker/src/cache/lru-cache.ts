/** Keeps the entries used last, up to so much weight; the newest whatever it weighs. */
export interface Recent<T> {
  get(key: string): T | undefined;
  set(key: string, value: T, weight?: number): void;
}

interface Entry<T> {
  readonly value: T;
  readonly weight: number;
}

export function createRecent<T>(most: number): Recent<T> {
  // A Map keeps insertion order, so that its first key is the one unused for longest.
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
