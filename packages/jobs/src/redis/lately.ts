/** How much a Redis that takes over may lack: a replica that is further behind does not count (`min-replicas-max-lag`). */
const LATELY_MS = 10_000;

/** Things that happened within the time that a Redis may have lost, the oldest first. */
export interface Lately<T> {
  add(thing: T): void;
  all(): T[];
}

export function createLately<T>(): Lately<T> {
  let things: { readonly thing: T; readonly at: number }[] = [];
  let oldest = 0;
  const forgetOld = () => {
    const since = performance.now() - LATELY_MS;
    while (oldest < things.length && (things[oldest]?.at ?? 0) < since) oldest++;
    // Cut now and then: cutting at each addition would copy all of them each time.
    if (oldest < things.length / 2) return;
    things = things.slice(oldest);
    oldest = 0;
  };
  return {
    add(thing) {
      things.push({ thing, at: performance.now() });
      forgetOld();
    },
    all() {
      forgetOld();
      return things.slice(oldest).map(({ thing }) => thing);
    },
  };
}
