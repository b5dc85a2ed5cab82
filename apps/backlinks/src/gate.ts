/** Where calls wait while the account holds them. */
export interface Gate {
  /** Resolves when calls are not held, or when the process stops. */
  passed(stopping: AbortSignal): Promise<void>;
  /** To be called when the settings have changed: lets the calls go that are no longer held. */
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
