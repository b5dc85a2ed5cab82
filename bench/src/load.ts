/** Runs every task once, in order, `inFlight` at a time. Returns the time of each in milliseconds, and the total time. */
export async function runLoad<T>(
  tasks: readonly T[],
  inFlight: number,
  run: (task: T) => Promise<void>,
): Promise<{ took: number[]; wallMs: number }> {
  const waiting = [...tasks];
  const took: number[] = [];
  const startedAt = performance.now();
  const worker = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const from = performance.now();
      await run(task);
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { took, wallMs: performance.now() - startedAt };
}
