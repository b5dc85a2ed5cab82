import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 5;

/** Asks the URL in `workerData` until any message comes, then sends back how long each answer took, in milliseconds. */
const times: number[] = [];
let over = false;
parentPort?.once('message', () => {
  over = true;
});
while (!over) {
  const from = performance.now();
  await (await fetch(workerData)).arrayBuffer();
  times.push(performance.now() - from);
  await sleep(EVERY_MS);
}
parentPort?.postMessage(times);
