import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 10;
/** Steps between two looks at the clock. */
const STEPS = 256;

/**
 * Cuts a long computation into slices, so that others have their turn of the event loop in between: call it at every
 * step, and await what it returns where that is a promise.
 */
export type Turn = () => Promise<void> | undefined;

export function createTurns(): Turn {
  let steps = 0;
  let since = performance.now();
  return () => {
    if (++steps % STEPS !== 0 || performance.now() - since < SLICE_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}

/** A step for each index from 0 on, in slices. */
export async function inTurns(count: number, turn: Turn, step: (index: number) => void): Promise<void> {
  for (let index = 0; index < count; index++) {
    step(index);
    const due = turn();
    if (due) await due;
  }
}
