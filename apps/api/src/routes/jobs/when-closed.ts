import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '../../problem.js';

const LOOK_EVERY_MS = 50;
const LONGEST_MS = 2_000;

/**
 * Repeats a step while the job is closing: between a job's end and the record of its webhook there is a moment in which the job
 * can be neither retried nor removed.
 */
export async function whenClosed<R extends { result: string }>(step: () => Promise<R>): Promise<R> {
  const until = performance.now() + LONGEST_MS;
  for (;;) {
    const reply = await step();
    if (reply.result !== 'closing') return reply;
    if (performance.now() > until) break;
    await sleep(LOOK_EVERY_MS);
  }
  throw new ApiProblem('conflict', 'The job is finished, and its end is being announced: try again in a moment.', {
    headers: { 'retry-after': '1' },
  });
}
