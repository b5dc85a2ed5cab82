import { setTimeout as pause } from 'node:timers/promises';
import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/service';
import type { Job } from '@linkhaul/schemas';
import type { Context } from './command.js';
import { EXIT } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { showProgress } from './render/progress.js';

/** How often progress is asked for: a terminal shows movement, a log need not. */
const TERMINAL_ROUND_MS = 400;
const LOG_ROUND_MS = 2000;
/** A service that restarts is back within this. */
const OUTAGE_MS = 60_000;
const RETRY_MS = 1000;

/** Shows a job's progress until it rests: finished, or paused. Ctrl-C leaves it running and says how to go on. */
export async function follow(id: string, { client, terminal }: Context): Promise<Job> {
  const { screen, interrupted } = terminal;
  const progress = showProgress(screen);
  let heardAt: number | null = null;
  let away = false;
  const onProgress = (job: Job) => {
    away = false;
    heardAt = performance.now();
    progress.show(job, heardAt);
  };
  const roundMs = screen.isTTY ? TERMINAL_ROUND_MS : LOG_ROUND_MS;
  try {
    for (;;) {
      try {
        return await client.waitFor(id, { signal: interrupted, onProgress, roundMs, untilPaused: true });
      } catch (error) {
        // Only a service that has answered before is waited for.
        if (!isOutage(error) || heardAt === null || performance.now() - heardAt > OUTAGE_MS) throw error;
        if (!away) progress.note('The service does not answer; trying again. The job goes on without it.');
        away = true;
        await pause(RETRY_MS, undefined, { signal: interrupted });
      }
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
    throw new CliFailure(EXIT.interrupted, `The job goes on. To see it again: linkhaul watch ${id}`);
  } finally {
    progress.end();
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof LinkhaulUnreachable || (error instanceof LinkhaulProblem && error.retryable);
}
