import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Loads a page; without a cursor, the first. */
export type LoadPage<T> = (from: {
  readonly cursor?: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}) => Promise<Page<T>>;

interface PagedState<T> {
  /** Null before the first answer. */
  readonly items: readonly T[] | null;
  readonly nextCursor: string | null;
  readonly isLoading: boolean;
  readonly error: unknown;
}

export interface Paged<T> extends PagedState<T> {
  readonly loadMore: () => void;
  /** Reloads the pages that are shown. */
  readonly reload: () => void;
}

const PAGE = 100;
/** The longest page that the service returns. */
const LONGEST_PAGE = 1000;
const MOST_OFTEN_MS = 3000;

/**
 * A list in pages. It is loaded from its beginning for each `name`. When `version` changes, the pages that are shown are reloaded,
 * at most every three seconds.
 */
export function usePages<T>(name: string, version: string, load: LoadPage<T>): Paged<T> {
  // Keeps the `load` of the first render with this name: a list with other filters has another name.
  const list = useMemo(() => openPages(load), [name]);
  useEffect(() => () => list.close(), [list]);
  useEffect(() => list.want(version), [list, version]);
  return { ...list.state.value, loadMore: list.loadMore, reload: list.reload };
}

function openPages<T>(load: LoadPage<T>) {
  const state = signal<PagedState<T>>({ items: null, nextCursor: null, isLoading: false, error: null });
  const over = new AbortController();
  let wanted = '';
  let loaded: string | null = null;
  let loadedAt = 0;
  let isPlanned = false;

  const read = async (cursor: string | null, limit: number): Promise<void> => {
    state.value = { ...state.peek(), isLoading: true };
    try {
      const page = await load({ limit, signal: over.signal, ...(cursor !== null && { cursor }) });
      const items = cursor === null ? page.items : [...(state.peek().items ?? []), ...page.items];
      state.value = { items, nextCursor: page.nextCursor, isLoading: false, error: null };
    } catch (error) {
      if (!over.signal.aborted) state.value = { ...state.peek(), isLoading: false, error };
    }
    loadedAt = Date.now();
    plan();
  };
  const reload = () => {
    loaded = wanted;
    void read(null, Math.min(LONGEST_PAGE, Math.max(PAGE, state.peek().items?.length ?? 0)));
  };
  const plan = () => {
    const isRead = loaded === wanted || state.peek().isLoading;
    if (isPlanned || isRead || over.signal.aborted || (state.peek().items?.length ?? 0) > LONGEST_PAGE) return;
    isPlanned = true;
    setTimeout(
      () => {
        isPlanned = false;
        if (!over.signal.aborted && !state.peek().isLoading) reload();
      },
      Math.max(0, loadedAt + MOST_OFTEN_MS - Date.now()),
    );
  };
  const readonlyState: ReadonlySignal<PagedState<T>> = state;
  return {
    state: readonlyState,
    reload,
    want(version: string) {
      wanted = version;
      plan();
    },
    loadMore() {
      const { nextCursor, isLoading } = state.peek();
      if (nextCursor !== null && !isLoading) void read(nextCursor, PAGE);
    },
    close: () => over.abort(),
  };
}
