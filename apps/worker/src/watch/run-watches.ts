import type { WatchRef } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { startRun } from './start-run.js';
import type { WatchServices } from './watch-services.js';

/** Ticks per round. The rest wait for the next round. */
const TICKS_A_ROUND = 100;

/**
 * Takes due ticks, makes the jobs of open runs, and has runs closed whose jobs are finished. Several workers may do this at once, and
 * a step that a crash interrupted is repeated. If one watch fails, the others go on.
 */
export async function runWatches(services: WatchServices): Promise<void> {
  const { watches } = services;
  for (const watch of await watches.due(TICKS_A_ROUND)) await attempt(watch, services, () => tick(watch, services));
  for (const watch of await watches.open()) await attempt(watch, services, () => goOn(watch, services));
}

async function attempt(watch: WatchRef, { logger }: WatchServices, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (err) {
    logger.error({ err, tenant: watch.tenant, watch: watch.name }, 'could not run a watch');
  }
}

const LATE_MS = 60_000;

async function tick(ref: WatchRef, { watches, calls, metrics, logger }: WatchServices): Promise<void> {
  const watch = await watches.get(ref);
  if (watch === null) return;
  const result = await watches.tick(watch);
  if (result === 'moved') return;
  const isLate = result === 'opened' && (await calls.now()) - (watch.nextAt ?? 0) > LATE_MS;
  metrics.ticked(isLate ? 'late' : result);
  logger.info({ tenant: ref.tenant, watch: ref.name, due: watch.nextAt, result }, 'tick');
}

/** Takes the next step of the open run. */
async function goOn(ref: WatchRef, services: WatchServices): Promise<void> {
  const watch = await services.watches.get(ref);
  if (watch?.open == null) return;
  if (watch.open.job === null) await startRun(watch, watch.open, services);
  else if (await isFinished({ tenant: watch.tenant, id: watch.open.job }, services)) {
    // Comparing two runs may take long, so it has its own queue.
    await services.queues.add('compare', ref);
  }
}

/** A job that was removed counts as finished. */
async function isFinished(job: JobRef, { store }: WatchServices): Promise<boolean> {
  const record = await store.get(job);
  return record === null || record.finishedAt !== null;
}
