/** Decides whose list is read next. */
export interface Turns {
  /** Resolves when one piece of this tenant's list may be read. */
  take(tenant: string): Promise<void>;
}

/**
 * The event loop turns once between two pieces, of whichever list, so that any other request waits for one piece at most. Tenants
 * take turns, and so do the lists of one tenant.
 */
export function createTurns(): Turns {
  const lines = new Map<string, (() => void)[]>();
  let isTurning = false;
  const turn = () => {
    const [first] = lines;
    isTurning = first !== undefined;
    if (first === undefined) return;
    const [tenant, line] = first;
    lines.delete(tenant);
    const go = line.shift();
    if (line.length > 0) lines.set(tenant, line);
    setImmediate(turn);
    go?.();
  };
  return {
    take(tenant) {
      return new Promise((resolve) => {
        const line = lines.get(tenant) ?? [];
        line.push(resolve);
        lines.set(tenant, line);
        if (isTurning) return;
        isTurning = true;
        setImmediate(turn);
      });
    },
  };
}
