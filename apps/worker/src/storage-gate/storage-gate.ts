import { EventEmitter, once } from 'node:events';

/** Stops sending while answers cannot be stored or settled, so that no more answers are paid for and lost. */
export interface StorageGate {
  /** Resolves when calls may be sent, or when the signal is aborted. */
  open(signal: AbortSignal): Promise<void>;
  /** Runs a step that stores something. The gate is shut from the step's first failure until the step ends. */
  guard<T>(store: (failed: (error: unknown) => void) => Promise<T>): Promise<T>;
  /** Shuts the gate for a named reason, with an explanation for people. With null, removes the reason. */
  set(reason: string, why: string | null): void;
  /** The explanation of why the gate is shut. Null while it is open. */
  shutBy(): string | null;
}

export function createStorageGate(): StorageGate {
  const changes = new EventEmitter().setMaxListeners(0);
  /** Explanations by reason. Each failing step is a reason too. */
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
