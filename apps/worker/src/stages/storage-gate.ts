import { EventEmitter, once } from 'node:events';

/** Shut while an answer in hand cannot be stored: what was paid for and not kept must not grow. */
export interface StorageGate {
  /** Resolves when calls may be sent, or when the signal ends the waiting. */
  open(signal: AbortSignal): Promise<void>;
  /** Runs a step that stores; the gate is shut from its first failure to its success. */
  guard<T>(store: (failed: () => void) => Promise<T>): Promise<T>;
}

export function createStorageGate(): StorageGate {
  const changes = new EventEmitter().setMaxListeners(0);
  const failing = new Set<symbol>();
  return {
    async open(signal) {
      while (failing.size > 0 && !signal.aborted) await once(changes, 'stored', { signal }).catch(() => undefined);
    },
    async guard(store) {
      const step = Symbol('step');
      try {
        return await store(() => failing.add(step));
      } finally {
        if (failing.delete(step)) changes.emit('stored');
      }
    },
  };
}
