import type { ApiKeys } from '@linkhaul/jobs';

/** Every process looks by itself: a word of it could be lost. Its requests end within twice this. */
const LOOK_EVERY_MS = 5_000;

/** The keys of requests that are under way. */
export interface KeyWatch {
  /** Calls back once the key counts no more. Gives what ends the watching. */
  whenGone(secret: string, onGone: () => void): () => void;
}

/** Looks a key up once a round, however many requests it has. */
export function createKeyWatch({ counts }: Pick<ApiKeys, 'counts'>): KeyWatch {
  const watched = new Map<string, Set<() => void>>();
  let timer: NodeJS.Timeout | undefined;

  const look = async (secret: string): Promise<void> => {
    // While Redis is away nobody can say; a key that was taken away before is found when it is back.
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
