/**
 * Requests the URL in `workerData` in a loop. Sends a message after the first answer. On any message it sends the times of all
 * later answers, in milliseconds. A request that times out counts as long as the time-out.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 5;
const ANSWER_WITHIN_MS = 10_000;

const times: number[] = [];
let over = false;
parentPort?.once('message', () => {
  over = true;
});

async function ask(): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    await (await fetch(workerData, { signal })).arrayBuffer();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

await ask();
parentPort?.postMessage('asking');
while (!over) {
  const from = performance.now();
  await ask();
  times.push(performance.now() - from);
  await sleep(EVERY_MS);
}
parentPort?.postMessage(times);
