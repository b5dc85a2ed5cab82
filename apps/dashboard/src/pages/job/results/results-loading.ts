import type { Result } from '@linkhaul/schemas';
import { type ReadonlySignal, signal } from '@preact/signals';
import { createLoadedRows, type LoadedRows } from './loaded-rows.js';
import type { ResultColumn } from './result-columns.js';
import { painted } from './work-in-steps.js';

interface Page {
  readonly results: readonly Result[];
  readonly next_cursor: string | null;
  readonly done: boolean;
}

export type LoadPage = (cursor: string | null, limit: number, signal: AbortSignal) => Promise<Page>;

export interface LoadingState {
  readonly rows: LoadedRows;
  /** How many rows are loaded. It signals a change, because `rows` itself grows in place. */
  readonly count: number;
  /** How many rows the user wants to see. */
  readonly wanted: number;
  /** True if no further line can follow. */
  readonly isDone: boolean;
  readonly isLoading: boolean;
  /** True after the user has stopped loading: scrolling then loads nothing until the user continues. */
  readonly isStopped: boolean;
  readonly error: unknown;
}

export interface ResultsLoading {
  readonly state: ReadonlySignal<LoadingState>;
  /** Loads pages until this number of rows is loaded, or no more exist. */
  want(count: number): void;
  stop(): void;
  /** Continues to load the wanted rows: after a stop, after an error, or when the job has made progress. */
  goOn(): void;
  /** Shows other columns: at once if all results are kept whole, otherwise by loading them again. */
  show(columns: readonly ResultColumn[]): void;
  close(): void;
}

/** The first page is small, so that something is shown at once. */
const FIRST_PAGE = 100;

/** Results in the service's order. Its cursor only goes forward, so the pages are loaded one after the other. */
export function openResults(load: LoadPage, columns: readonly ResultColumn[], pageSize: number): ResultsLoading {
  const begin = (rows: LoadedRows): LoadingState => {
    return {
      rows,
      count: rows.count,
      wanted: FIRST_PAGE,
      isDone: false,
      isLoading: false,
      isStopped: false,
      error: null,
    };
  };
  const state = signal(begin(createLoadedRows(columns)));
  const change = (changes: Partial<LoadingState>) => {
    state.value = { ...state.peek(), ...changes };
  };
  let cursor: string | null = null;
  let round = new AbortController();

  /** Returns whether there may be more to load now. */
  const loadPage = async ({ signal: over }: AbortController): Promise<boolean> => {
    const { rows } = state.peek();
    const page = await load(cursor, rows.count === 0 ? FIRST_PAGE : pageSize, over);
    if (over.aborted) return false;
    rows.add(page.results, cursor);
    // In a running job the same cursor is returned, without a line, as long as no further line exists.
    const hasMoved = page.results.length > 0 || page.next_cursor !== cursor;
    cursor = page.next_cursor ?? cursor;
    change({ count: rows.count, isDone: page.done });
    return hasMoved && !page.done && rows.count < state.peek().wanted;
  };
  const run = async () => {
    const own = round;
    change({ isLoading: true, error: null });
    try {
      while (await loadPage(own)) await painted();
      if (!own.signal.aborted) change({ isLoading: false });
    } catch (error) {
      if (!own.signal.aborted) change({ isLoading: false, error });
    }
  };
  const start = () => {
    const { isLoading, isDone, isStopped, error, count, wanted } = state.peek();
    if (!isLoading && !isDone && !isStopped && error === null && count < wanted) void run();
  };
  const end = () => {
    round.abort();
    round = new AbortController();
  };
  start();
  return {
    state,
    want(count) {
      if (count > state.peek().wanted) change({ wanted: count });
      start();
    },
    stop() {
      end();
      change({ isLoading: false, isStopped: true, wanted: state.peek().count });
    },
    goOn() {
      const { wanted, count } = state.peek();
      change({ isStopped: false, error: null, wanted: Math.max(wanted, count + 1) });
      start();
    },
    show(others) {
      end();
      const before = state.peek();
      const rows = before.rows.withColumns(others);
      if (rows !== null) change({ rows, isLoading: false });
      else {
        cursor = null;
        state.value = { ...begin(createLoadedRows(others)), wanted: before.count };
      }
      start();
    },
    close: end,
  };
}
