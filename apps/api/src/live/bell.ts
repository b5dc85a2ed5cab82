/** For those who wait for a word: each hears the next one, once. */
export interface Bell<W> {
  ring(word: W): void;
  heard(): Promise<W>;
}

export function createBell<W>(): Bell<W> {
  const waiting = new Set<(word: W) => void>();
  return {
    ring(word) {
      const all = [...waiting];
      waiting.clear();
      for (const resolve of all) resolve(word);
    },
    heard: () => new Promise((resolve) => waiting.add(resolve)),
  };
}
