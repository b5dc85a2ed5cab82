import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from '@linkhaul/jobs';
import { createBell } from './bell.js';

/** A job is read, and told of, at most four times a second. */
const ROUND_MS = 250;
/** Jobs that are read in a round; the others wait for the next one. */
const MOST_A_ROUND = 100;
/** What keeps a job can change without a message, as when the last worker ends: jobs that should move are read again. */
const LOOK_AGAIN_MS = 5_000;
const MOST_LOOKED_AT = 200;
/** While nobody listens, changed jobs are kept by name, for listeners who come back. */
const MOST_UNREAD = 10_000;

export interface TenantReading {
  readonly tenant: string;
  readonly changes: Pick<Changes, 'watchTenant'>;
  /** Reads a job that has changed. True if it should go on moving. */
  read(id: string): Promise<boolean>;
  /** Changes may have been missed. */
  missed(): void;
}

/** Reads a tenant's jobs as they change. */
export interface TenantReader {
  /** Nothing is read while nobody listens. */
  listen(isHeard: boolean): void;
  close(): void;
}

export function createTenantReader({ tenant, changes, read, missed }: TenantReading): TenantReader {
  const unread = new Set<string>();
  const moving = createSilence(MOST_LOOKED_AT);
  const wake = createBell<void>();
  const over = new AbortController();
  let isHeard = false;

  const stopWatching = changes.watchTenant(tenant, {
    changed(id) {
      unread.add(id);
      wake.ring();
      if (unread.size <= MOST_UNREAD || isHeard) return;
      unread.clear();
      missed();
    },
    missed,
  });
  const look = async (id: string): Promise<void> => {
    // Redis is unavailable: the job is read again once it is back.
    const moves = await read(id).catch(() => unread.add(id) && false);
    moving.note(id, moves);
  };
  const round = async (): Promise<void> => {
    for (const id of moving.silentFor(LOOK_AGAIN_MS)) unread.add(id);
    const ids = [...unread].slice(0, MOST_A_ROUND);
    for (const id of ids) unread.delete(id);
    await Promise.all(ids.map(look));
  };
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      if (isHeard && unread.size + moving.size() > 0) await round();
      else await wake.heard();
      await sleep(ROUND_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  void run();
  return {
    listen(heard) {
      isHeard = heard;
      wake.ring();
    },
    close() {
      stopWatching();
      over.abort();
      wake.ring();
    },
  };
}

/** Jobs that should move, by when they were last read. */
function createSilence(most: number) {
  const readAt = new Map<string, number>();
  return {
    size: () => readAt.size,
    note(id: string, moves: boolean) {
      readAt.delete(id);
      if (!moves) return;
      readAt.set(id, performance.now());
      const [oldest] = readAt.keys();
      if (readAt.size > most && oldest !== undefined) readAt.delete(oldest);
    },
    silentFor(ms: number): string[] {
      const now = performance.now();
      return [...readAt].filter(([, at]) => now - at >= ms).map(([id]) => id);
    },
  };
}
