/** Less than a frame: in between, the browser can draw and react to its user. */
const WORK_MS = 12;

/** Does all steps, with pauses. Rejects if the signal aborts. */
export async function workInSteps<T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < WORK_MS) continue;
    await painted();
    signal.throwIfAborted();
    began = performance.now();
  }
}

/** Lets the browser draw and react to its user. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
