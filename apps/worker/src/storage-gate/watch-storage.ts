import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '@linkhaul/jobs';
import type { Logger } from '@linkhaul/runtime';
import { StorageAway } from '@linkhaul/storage';
import type { StorageGate } from './storage-gate.js';

/** Keeps the gate shut while storage is away, from the first moment on. */
export interface StorageWatch {
  /** Looks whether storage serves, and sets the gate. Looks at once are one look. */
  look(): Promise<void>;
  /** Runs a step that needs storage when it serves, and again when it turned out to be away. The step can be repeated. */
  whenServing<T>(step: () => Promise<T>): Promise<T>;
  /** Runs a round that comes again by itself, unless storage is away. */
  ifServing(round: () => Promise<void>): Promise<void>;
}

interface Watching {
  readonly installation: Pick<Installation, 'check'>;
  readonly storageGate: StorageGate;
  /** Done before anything is sent, whenever storage is back: it may be another one. */
  readonly whenBack: () => Promise<void>;
  readonly draining: AbortSignal;
  readonly logger: Logger;
}

const REASON = 'storage';
/** A mount whose server is gone answers nothing for minutes. */
const SILENT_MS = 5_000;

export function createStorageWatch({ installation, storageGate, whenBack, draining, logger }: Watching): StorageWatch {
  let why: string | null = 'storage was not looked at yet';
  let checking: Promise<void> | null = null;
  let looking: Promise<void> | null = null;
  storageGate.set(REASON, why);

  const check = () => {
    // One that hangs holds a thread: it is waited for again rather than another one begun.
    checking ??= installation.check().finally(() => {
      checking = null;
    });
    return checking;
  };
  const answer = async (): Promise<string | null> => {
    const over = new AbortController();
    const silent = sleep(SILENT_MS, 'storage does not answer', { signal: over.signal }).catch(() => null);
    try {
      const said = await Promise.race([check().then(() => null), silent]);
      if (said === null && why !== null) await whenBack();
      return said;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      over.abort();
    }
  };
  const look = async () => {
    const said = await answer();
    if (said !== null && said !== why) logger.error({ why: said }, 'storage is away: nothing is sent');
    if (said === null && why !== null) logger.info('storage serves');
    why = said;
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
          // What alone cannot be read, while everything else can, must not keep its place.
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
