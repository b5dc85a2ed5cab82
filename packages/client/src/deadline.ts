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
  const leaveParent = parent && onAbort(parent, () => ending.abort(parent.reason));
  const timer = setTimeout(() => ending.abort(new DOMException('The time was over', 'TimeoutError')), ms);
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    leaveParent?.();
  }
}

interface Ears {
  readonly callbacks: Set<() => void>;
  readonly hear: () => void;
}

const listening = new WeakMap<AbortSignal, Ears>();

/**
 * Calls back when the signal aborts, or has, until the result is called. One signal may end a thousand requests: it has one
 * listener for all of them, since Node takes more than ten for a leak.
 */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback();
  const ears = listening.get(signal) ?? listenTo(signal);
  ears.callbacks.add(callback);
  return () => {
    ears.callbacks.delete(callback);
    if (ears.callbacks.size > 0) return;
    listening.delete(signal);
    signal.removeEventListener('abort', ears.hear);
  };
}

function listenTo(signal: AbortSignal): Ears {
  const callbacks = new Set<() => void>();
  const hear = () => {
    for (const callback of callbacks) callback();
  };
  const ears = { callbacks, hear };
  listening.set(signal, ears);
  signal.addEventListener('abort', hear, { once: true });
  return ears;
}
