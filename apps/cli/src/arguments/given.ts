type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The values without those that are undefined: the client's options may be left out, but not undefined. */
export function given<T extends object>(values: T): Given<T> {
  const set: Given<T> = { ...values };
  for (const name in set) if (set[name] === undefined) delete set[name];
  return set;
}
