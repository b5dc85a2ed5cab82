/** Wakes everybody who waits for the next message. Messages are not kept: `heard` never resolves with an earlier one. */
export interface Bell<M> {
  ring(message: M): void;
  heard(): Promise<M>;
}

export function createBell<M>(): Bell<M> {
  const waiting = new Set<(message: M) => void>();
  return {
    ring(message) {
      const all = [...waiting];
      waiting.clear();
      for (const resolve of all) resolve(message);
    },
    heard: () => new Promise((resolve) => waiting.add(resolve)),
  };
}
