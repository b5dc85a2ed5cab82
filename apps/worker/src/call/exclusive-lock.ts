/** Calls of this process run side by side, except one that may kill it: that one runs alone. First come, first served. */
export interface Solitude {
  /**
   * Runs a call beside others or alone, in its turn: behind one that runs alone, or waits to, all that come later wait. False
   * where the signal ended the waiting before its turn came.
   */
  run(call: () => Promise<void>, how: { readonly alone: boolean; readonly signal: AbortSignal }): Promise<boolean>;
}

interface Waiting {
  readonly alone: boolean;
  start(): void;
}

export function createSolitude(): Solitude {
  const waiting: Waiting[] = [];
  let running = 0;
  let isAlone = false;

  const mayStart = (alone: boolean) => !isAlone && !(alone && running > 0);
  const begin = (alone: boolean) => {
    running++;
    isAlone = alone;
  };
  const startNext = () => {
    for (let [next] = waiting; next !== undefined && mayStart(next.alone); [next] = waiting) {
      waiting.shift();
      begin(next.alone);
      next.start();
    }
  };
  const turn = (alone: boolean, signal: AbortSignal) =>
    new Promise<boolean>((resolve) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(me), 1);
        resolve(false);
        startNext();
      };
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const me = { alone, start };
      waiting.push(me);
      signal.addEventListener('abort', leave, { once: true });
    });

  return {
    async run(call, { alone, signal }) {
      if (signal.aborted) return false;
      if (waiting.length === 0 && mayStart(alone)) begin(alone);
      else if (!(await turn(alone, signal))) return false;
      try {
        await call();
      } finally {
        running--;
        isAlone = false;
        startNext();
      }
      return true;
    },
  };
}
