/** Writes that run while further ones are prepared. */
export interface Writes {
  /** Begins a write. If as many are under way as may be, returns a promise to await before the next; it rejects if one failed. */
  start(write: () => Promise<void>): Promise<void> | undefined;
  /** Resolves when all writes have succeeded. Rejects with the first failure, after the others have ended. */
  done(): Promise<void>;
  /** Resolves when no write is under way, successful or not. */
  idle(): Promise<void>;
}

export function createWrites(most: number): Writes {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const judge = () => {
    if (failures.length > 0) throw failures[0];
  };
  const idle = async () => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
  const room = async () => {
    while (underWay.size >= most) await Promise.race(underWay);
    judge();
  };
  return {
    start(write) {
      const running: Promise<void> = write()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(running));
      underWay.add(running);
      return underWay.size < most && failures.length === 0 ? undefined : room();
    },
    async done() {
      await idle();
      judge();
    },
    idle,
  };
}
