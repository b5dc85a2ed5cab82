/**
 * Runs work with a signal that aborts when the parent does, or after `ms` milliseconds with a `TimeoutError`.
 * `AbortSignal.any` with `AbortSignal.timeout` is no option: the garbage collector may take the timeout, which then never
 * fires, and a parent that lives as long as the process would keep a part of every signal made from it.
 */
export async function withDeadline<T>(
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const leaveParent = parent && onAbort(parent, () => ending.abort(parent.reason));
  const timer = setTimeout(() => ending.abort(new DOMException('The time was over', 'TimeoutError')), ms);
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    leaveParent?.();
  }
}

interface Listener {
  readonly callbacks: Set<() => void>;
  readonly onAbort: () => void;
}

const listening = new WeakMap<AbortSignal, Listener>();

/**
 * Calls back when the signal aborts, or at once if it has, until the returned function is called. One signal may end a
 * thousand requests, so it has one listener for all of them: Node reports more than ten listeners as a leak.
 */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback();
  const listener = listening.get(signal) ?? listenTo(signal);
  listener.callbacks.add(callback);
  return () => {
    listener.callbacks.delete(callback);
    if (listener.callbacks.size > 0) return;
    listening.delete(signal);
    signal.removeEventListener('abort', listener.onAbort);
  };
}

function listenTo(signal: AbortSignal): Listener {
  const callbacks = new Set<() => void>();
  const onAbort = () => {
    for (const callback of callbacks) callback();
  };
  const listener = { callbacks, onAbort };
  listening.set(signal, listener);
  signal.addEventListener('abort', onAbort, { once: true });
  return listener;
}
