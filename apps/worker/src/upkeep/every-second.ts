const EVERY_MS = 1_000;

/** Calls `step` every second. Returns a function that stops it. */
export function everySecond(step: () => void): () => void {
  const timer = setInterval(step, EVERY_MS);
  return () => clearInterval(timer);
}
