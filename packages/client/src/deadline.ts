import { setMaxListeners } from 'node:events';

/**
 * Runs work with a signal that aborts when the parent does, or after `ms` milliseconds with a `TimeoutError`.
 * `AbortSignal.any` with `AbortSignal.timeout` would not do: the garbage collector may take the timeout, which then never
 * fires, and a parent that lives as long as the process would keep a part of every signal made from it.
 */
export async function withDeadline<T>(
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const endWithParent = () => ending.abort(parent?.reason);
  const timer = setTimeout(() => ending.abort(new DOMException('The time was over', 'TimeoutError')), ms);
  // One signal may end a thousand requests. Without this, Node warns of a leak.
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
