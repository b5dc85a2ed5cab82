/** Holds calls back while the setting `hold` is true. */
export interface Gate {
  /** Resolves when calls are not held, or when the process stops. */
  passed(stopping: AbortSignal): Promise<void>;
  /** Call it when the settings have changed: releases the calls if they are no longer held. */
  update(): void;
}

export function createGate(settings: { readonly hold: boolean }): Gate {
  const waiting = new Set<() => void>();
  return {
    async passed(stopping) {
      if (!settings.hold || stopping.aborted) return;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        stopping.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    update() {
      if (settings.hold) return;
      for (const letGo of waiting) letGo();
      waiting.clear();
    },
  };
}
