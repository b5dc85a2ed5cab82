type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** What was given: the client knows an option that is left out, not one that is undefined. */
export function given<T extends object>(values: T): Given<T> {
  const set: Given<T> = { ...values };
  for (const name in set) if (set[name] === undefined) delete set[name];
  return set;
}
