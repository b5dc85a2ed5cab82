import type { Job } from '@linkhaul/schemas';
import type { Context } from './command.js';
import { EXIT } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { showProgress } from './render/progress.js';

/** How often progress is read, in ms. A log needs fewer lines than a terminal. */
const TERMINAL_ROUND_MS = 400;
const LOG_ROUND_MS = 1000;

/** Shows a job's progress until it is finished or paused. Ctrl-C ends the display, not the job, and says how to return to it. */
export async function follow(id: string, { client, terminal }: Context): Promise<Job> {
  const { screen, interrupted: signal } = terminal;
  const progress = showProgress(screen);
  const onProgress = (job: Job) => progress.show(job, performance.now());
  const onOutage = () => progress.note('The service does not answer; trying again. The job goes on without it.');
  const roundMs = screen.isTTY ? TERMINAL_ROUND_MS : LOG_ROUND_MS;
  try {
    // Read once without waiting for an unavailable service, so that a wrong address is reported at once.
    onProgress(await client.job(id, { signal }));
    return await client.waitFor(id, { signal, onProgress, onOutage, roundMs, untilPaused: true });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CliFailure(EXIT.interrupted, `The job goes on. To see it again: linkhaul watch ${id}`);
  } finally {
    progress.end();
  }
}
