import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useCallback } from 'preact/hooks';

export interface Resource<T> {
  /** The newest answer. It is kept while a newer one is loaded, and if that fails. */
  readonly data: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface Loading<T> {
  readonly data: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
}

/**
 * Loads with `load`, which is called again whenever a signal that it reads changes, every `everyMs` if given, and when the page comes
 * back to the front. `load` must read its signals before its first await.
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Resource<T> {
  const state = useSignal<Loading<T>>({ data: null, error: null, isLoading: true });
  const round = useSignal(0);
  const reload = useCallback(() => {
    round.value += 1;
  }, [round]);
  useSignalEffect(() => {
    round.value;
    const over = new AbortController();
    state.value = { ...state.peek(), isLoading: true };
    load(over.signal).then(
      (data) => {
        if (!over.signal.aborted) state.value = { data, error: null, isLoading: false };
      },
      (error: unknown) => {
        if (!over.signal.aborted) state.value = { ...state.peek(), error, isLoading: false };
      },
    );
    const timer = everyMs === undefined ? undefined : setInterval(() => isShown() && reload(), everyMs);
    const onReturn = () => isShown() && reload();
    document.addEventListener('visibilitychange', onReturn);
    return () => {
      over.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onReturn);
    };
  });
  const view: ReadonlySignal<Resource<T>> = useComputed(() => ({ ...state.value, reload }));
  return view.value;
}

function isShown(): boolean {
  return document.visibilityState === 'visible';
}
