/** Writes that go on while others are prepared. */
export interface Writes {
  /** Begins one. A promise where as many are under way as may be: await it before the next; it rejects when one failed. */
  start(write: () => Promise<void>): Promise<void> | undefined;
  /** When all have succeeded. Rejects with the first failure, after the others have ended. */
  done(): Promise<void>;
  /** When none is under way, whatever became of them. */
  atRest(): Promise<void>;
}

export function createWrites(most: number): Writes {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const judge = () => {
    if (failures.length > 0) throw failures[0];
  };
  const atRest = async () => {
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
      await atRest();
      judge();
    },
    atRest,
  };
}
