import { setTimeout as sleep } from 'node:timers/promises';

/** A process that stops does not wait it out. */
export async function wait(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms === 0 || stopping.aborted) return;
  await sleep(ms, undefined, { signal: stopping }).catch(() => {});
}
