/** Less than a frame: the browser draws and hears its user in between. */
const WORK_MS = 12;

/** Does all steps, with pauses. Rejects where the signal aborts. */
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

/** Lets the browser draw and hear its user. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
