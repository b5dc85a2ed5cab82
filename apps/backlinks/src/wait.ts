import { setTimeout as sleep } from 'node:timers/promises';

/** Waits. If the process stops, returns at once. */
export async function wait(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms === 0 || stopping.aborted) return;
  await sleep(ms, undefined, { signal: stopping }).catch(() => {});
}
