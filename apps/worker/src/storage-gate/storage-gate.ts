import { EventEmitter, once } from 'node:events';

/** Shut while an answer in hand could not be stored or settled: what was paid for and not kept must not grow. */
export interface StorageGate {
  /** Resolves when calls may be sent, or when the signal ends the waiting. */
  open(signal: AbortSignal): Promise<void>;
  /** Runs a step that stores; the gate is shut from its first failure to its success. */
  guard<T>(store: (failed: (error: unknown) => void) => Promise<T>): Promise<T>;
  /** Shuts the gate for a reason of its own, which is said in words, or opens it again: null. */
  set(reason: string, why: string | null): void;
  /** Why the gate is shut, in words; null while it is open. */
  shutBy(): string | null;
}

export function createStorageGate(): StorageGate {
  const changes = new EventEmitter().setMaxListeners(0);
  /** In words, by what shuts it. */
  const shutBy = new Map<symbol | string, string>();
  const release = (reason: symbol | string) => {
    if (shutBy.delete(reason)) changes.emit('released');
  };
  return {
    async open(signal) {
      while (shutBy.size > 0 && !signal.aborted) await once(changes, 'released', { signal }).catch(() => undefined);
    },
    async guard(store) {
      const step = Symbol('step');
      try {
        return await store((error) => shutBy.set(step, error instanceof Error ? error.message : String(error)));
      } finally {
        release(step);
      }
    },
    set(reason, why) {
      if (why === null) release(reason);
      else shutBy.set(reason, why);
    },
    shutBy: () => shutBy.values().next().value ?? null,
  };
}
