import type { EventEmitter } from 'node:events';

/**
 * Resolves at the next event of that name, after `ms`, or when the signal aborts. No listener is left on the signal, which may
 * live as long as the process.
 */
export function nextEvent(
  emitter: EventEmitter,
  name: string,
  within: { ms: number; signal: AbortSignal },
): Promise<void> {
  const { ms, signal } = within;
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      emitter.off(name, end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    emitter.on(name, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
