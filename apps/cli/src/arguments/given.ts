type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The values that are not undefined: the client's options may be left out, but must not be undefined. */
export function given<T extends object>(values: T): Given<T> {
  const set: Given<T> = { ...values };
  for (const name in set) if (set[name] === undefined) delete set[name];
  return set;
}
