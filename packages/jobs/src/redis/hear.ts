import type { EventEmitter } from 'node:events';

/**
 * Resolves at the next word of that name, after so many milliseconds, or when the signal aborts. Nothing of it stays behind
 * on the signal, which may live as long as the process.
 */
export function hear(words: EventEmitter, name: string, within: { ms: number; signal: AbortSignal }): Promise<void> {
  const { ms, signal } = within;
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      words.off(name, end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    words.on(name, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
