import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '@linkhaul/jobs';
import type { Logger } from '@linkhaul/runtime';
import { StorageAway } from '@linkhaul/storage';
import { everySecond } from '../upkeep/every-second.js';
import type { StorageGate } from './storage-gate.js';

/** Keeps the gate shut while storage is away, beginning before the first check. */
export interface StorageWatch {
  /** Checks storage and sets the gate. Concurrent calls share one check. */
  look(): Promise<void>;
  /** Runs a step once storage is available, and repeats it if storage went away meanwhile. The step must be safe to repeat. */
  whenServing<T>(step: () => Promise<T>): Promise<T>;
  /** Runs a recurring round, or skips it while storage is away. */
  ifServing(round: () => Promise<void>): Promise<void>;
}

interface WatchOptions {
  readonly installation: Pick<Installation, 'check'>;
  readonly storageGate: StorageGate;
  /** Runs whenever storage has come back, before anything is sent: it may be another storage. */
  readonly whenBack: () => Promise<void>;
  readonly draining: AbortSignal;
  readonly logger: Logger;
}

const REASON = 'storage';
/** A mount whose server is gone does not answer for minutes, so a check is given up after this time. */
const SILENT_MS = 5_000;

export function createStorageWatch({
  installation,
  storageGate,
  whenBack,
  draining,
  logger,
}: WatchOptions): StorageWatch {
  let why: string | null = 'storage has not been checked yet';
  let checking: Promise<void> | null = null;
  let looking: Promise<void> | null = null;
  storageGate.set(REASON, why);

  const check = () => {
    // A check that hangs blocks a thread, so no second check is started meanwhile.
    checking ??= installation.check().finally(() => {
      checking = null;
    });
    return checking;
  };
  const answer = async (): Promise<string | null> => {
    const over = new AbortController();
    const silent = sleep(SILENT_MS, 'storage does not answer', { signal: over.signal }).catch(() => null);
    try {
      const reason = await Promise.race([check().then(() => null), silent]);
      if (reason === null && why !== null) await whenBack();
      return reason;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      over.abort();
    }
  };
  const look = async () => {
    const reason = await answer();
    if (reason !== null && reason !== why) logger.error({ why: reason }, 'storage is away: nothing is sent');
    if (reason === null && why !== null) logger.info('storage is back');
    why = reason;
    storageGate.set(REASON, why);
  };
  const watch: StorageWatch = {
    look() {
      looking ??= look().finally(() => {
        looking = null;
      });
      return looking;
    },
    async whenServing(step) {
      for (;;) {
        await storageGate.open(draining);
        try {
          return await step();
        } catch (error) {
          if (!(error instanceof StorageAway) || draining.aborted) throw error;
          await watch.look();
          // Storage is available, so the step fails for another reason, and must not be repeated endlessly.
          if (why === null) throw error;
        }
      }
    },
    async ifServing(round) {
      if (why === null) await round();
    },
  };
  return watch;
}

/** Checks storage now and every second. Returns a function that stops it. */
export async function startWatchingStorage({ storageWatch }: { storageWatch: StorageWatch }): Promise<() => void> {
  await storageWatch.look();
  return everySecond(() => void storageWatch.look());
}
