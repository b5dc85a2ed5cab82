/**
 * Places for large bodies, of which only so many are in memory at once: an upstream that sends without end in every place
 * of a worker must not take all the memory that there is.
 */
export interface LargeBodies {
  /** Waits for a place; the function gives the place back. */
  enter(): Promise<() => void>;
}

export function createLargeBodies(places: number): LargeBodies {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return {
    async enter() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
}
