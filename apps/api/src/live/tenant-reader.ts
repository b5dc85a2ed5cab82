import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from '@linkhaul/jobs';
import { createBell } from './bell.js';

/** A job is read, and its change sent, at most four times a second. */
const ROUND_MS = 250;
/** Jobs that are read in one round; the others wait for the next round. */
const MOST_A_ROUND = 100;
/** Why a job stands still can change without a message, as when the last worker ends: jobs that should move are read again. */
const LOOK_AGAIN_MS = 5_000;
const MOST_LOOKED_AT = 200;
/** Without listeners, the ids of this many changed jobs are kept for listeners who come back. */
const MOST_UNREAD = 10_000;

export interface TenantReading {
  readonly tenant: string;
  readonly changes: Pick<Changes, 'watchTenant'>;
  /** Reads a changed job. True if the job should be moving. */
  read(id: string): Promise<boolean>;
  /** Called when changes may have been missed. */
  missed(): void;
}

/** Reads a tenant's jobs as they change. */
export interface TenantReader {
  /** Without listeners, no job is read. */
  listen(hasListeners: boolean): void;
  close(): void;
}

export function createTenantReader({ tenant, changes, read, missed }: TenantReading): TenantReader {
  const unread = new Set<string>();
  const moving = createSilence(MOST_LOOKED_AT);
  const wake = createBell<void>();
  const over = new AbortController();
  let hasListeners = false;

  const stopWatching = changes.watchTenant(tenant, {
    changed(id) {
      unread.add(id);
      wake.ring();
      if (unread.size <= MOST_UNREAD || hasListeners) return;
      unread.clear();
      missed();
    },
    missed,
  });
  const look = async (id: string): Promise<void> => {
    // If Redis is unavailable, the job is read again once Redis is back.
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
      if (hasListeners && unread.size + moving.size() > 0) await round();
      else await wake.heard();
      await sleep(ROUND_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  void run();
  return {
    listen(hasAny) {
      hasListeners = hasAny;
      wake.ring();
    },
    close() {
      stopWatching();
      over.abort();
      wake.ring();
    },
  };
}

/** Jobs that should be moving, in the order of their last read. */
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
