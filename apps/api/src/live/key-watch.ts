import type { ApiKeys } from '@linkhaul/jobs';

/** Every process checks the keys itself, since a message could be lost. Requests of a revoked key end within twice this time. */
const LOOK_EVERY_MS = 5_000;

/** Watches the keys of open requests. */
export interface KeyWatch {
  /** Calls back once the key is no longer valid. The returned function stops watching it. */
  whenGone(secret: string, onGone: () => void): () => void;
}

/** Looks up each key once per round, however many requests use it. */
export function createKeyWatch({ counts }: Pick<ApiKeys, 'counts'>): KeyWatch {
  const watched = new Map<string, Set<() => void>>();
  let timer: NodeJS.Timeout | undefined;

  const look = async (secret: string): Promise<void> => {
    // While Redis is unavailable, keys count as valid. A key that was revoked meanwhile is found once Redis is back.
    if (await counts(secret).catch(() => true)) return;
    const listeners = watched.get(secret) ?? [];
    watched.delete(secret);
    for (const onGone of listeners) onGone();
  };
  const lookAtAll = () => {
    for (const secret of watched.keys()) void look(secret);
  };
  return {
    whenGone(secret, onGone) {
      const listeners = watched.get(secret) ?? new Set();
      watched.set(secret, listeners.add(onGone));
      timer ??= setInterval(lookAtAll, LOOK_EVERY_MS).unref();
      return () => {
        listeners.delete(onGone);
        if (listeners.size === 0 && watched.get(secret) === listeners) watched.delete(secret);
        if (watched.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
