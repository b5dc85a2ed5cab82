import { setMaxListeners } from 'node:events';

/**
 * Does work under a signal that aborts when the given one does, or after so many milliseconds with a `TimeoutError`. Not by
 * `AbortSignal.any` with `AbortSignal.timeout`: nothing holds the timeout then, and once the garbage collector has taken it
 * the signal never aborts; and a signal that lives as long as the process would keep something of each one made from it.
 */
export async function withDeadline<T>(
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const endWithParent = () => ending.abort(parent?.reason);
  const timer = setTimeout(() => ending.abort(new DOMException('The time was over', 'TimeoutError')), ms);
  // One signal may end a thousand requests: that is no leak, as Node would warn of.
  if (parent !== undefined) setMaxListeners(0, parent);
  parent?.addEventListener('abort', endWithParent, { once: true });
  if (parent?.aborted) endWithParent();
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', endWithParent);
  }
}
