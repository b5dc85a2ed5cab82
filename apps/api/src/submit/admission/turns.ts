/** Decides whose list is read next. */
export interface Turns {
  /** Resolves when one piece of this tenant's list may be read. */
  take(tenant: string): Promise<void>;
}

/**
 * Between any two pieces the event loop runs once, so another request waits for one piece at most. Tenants take turns, and so do
 * the lists of one tenant.
 */
export function createTurns(): Turns {
  const queues = new Map<string, (() => void)[]>();
  let isTurning = false;
  const turn = () => {
    const [first] = queues;
    isTurning = first !== undefined;
    if (first === undefined) return;
    const [tenant, queue] = first;
    queues.delete(tenant);
    const go = queue.shift();
    if (queue.length > 0) queues.set(tenant, queue);
    setImmediate(turn);
    go?.();
  };
  return {
    take(tenant) {
      return new Promise((resolve) => {
        const queue = queues.get(tenant) ?? [];
        queue.push(resolve);
        queues.set(tenant, queue);
        if (isTurning) return;
        isTurning = true;
        setImmediate(turn);
      });
    },
  };
}
