import { setImmediate as nextTick } from 'node:timers/promises';

const SLICE_MS = 10;
/** Steps between two looks at the clock. */
const STEPS = 256;

/**
 * Call it at every step of a long computation. When a slice of 10 ms is over it returns a promise to await, so that the
 * event loop can do other work.
 */
export type EndSlice = () => Promise<void> | undefined;

export function createSlices(): EndSlice {
  let steps = 0;
  let since = performance.now();
  return () => {
    if (++steps % STEPS !== 0 || performance.now() - since < SLICE_MS) return undefined;
    return nextTick().then(() => {
      since = performance.now();
    });
  };
}

/** Runs a step for each index from 0, in slices. */
export async function inSlices(count: number, endSlice: EndSlice, step: (index: number) => void): Promise<void> {
  for (let index = 0; index < count; index++) {
    step(index);
    const due = endSlice();
    if (due) await due;
  }
}
