/**
 * A lock that the calls of this process share, except a call that may kill the process: that one holds the lock alone.
 * First come, first served.
 */
export interface ExclusiveLock {
  /**
   * Runs a call, either beside others or alone. While an exclusive call waits, later calls wait behind it. False if the signal was
   * aborted before the call could start.
   */
  run(call: () => Promise<void>, how: { readonly exclusive: boolean; readonly signal: AbortSignal }): Promise<boolean>;
}

interface Waiting {
  readonly exclusive: boolean;
  start(): void;
}

export function createExclusiveLock(): ExclusiveLock {
  const waiting: Waiting[] = [];
  let running = 0;
  let isHeldAlone = false;

  const mayStart = (exclusive: boolean) => !isHeldAlone && !(exclusive && running > 0);
  const begin = (exclusive: boolean) => {
    running++;
    isHeldAlone = exclusive;
  };
  const startNext = () => {
    for (let [next] = waiting; next !== undefined && mayStart(next.exclusive); [next] = waiting) {
      waiting.shift();
      begin(next.exclusive);
      next.start();
    }
  };
  const waitForStart = (exclusive: boolean, signal: AbortSignal) =>
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
      const me = { exclusive, start };
      waiting.push(me);
      signal.addEventListener('abort', leave, { once: true });
    });

  return {
    async run(call, { exclusive, signal }) {
      if (signal.aborted) return false;
      if (waiting.length === 0 && mayStart(exclusive)) begin(exclusive);
      else if (!(await waitForStart(exclusive, signal))) return false;
      try {
        await call();
      } finally {
        running--;
        isHeldAlone = false;
        startNext();
      }
      return true;
    },
  };
}
