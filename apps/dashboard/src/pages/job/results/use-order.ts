import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LoadedRows } from './loaded-rows.js';
import type { LoadingState } from './results-loading.js';
import { orderSteps, type Sort } from './row-order.js';
import { workInSteps } from './work-in-steps.js';

interface Ordered {
  /** The rows to show; null for all, in the order in which they were loaded. */
  readonly order: Uint32Array | null;
  /** True while the newest search or sort is computed. Meanwhile `order` is the previous one. */
  readonly isOrdering: boolean;
}

interface Kept extends Ordered {
  readonly of: LoadedRows | null;
}

/** Sorting a few new rows costs as much as sorting all, so during loading it waits for a quarter more rows, or for the end. */
export function useOrder({ rows, count, isLoading }: LoadingState, text: string, sort: Sort | null): Ordered {
  const reached = useRef(0);
  if (!isLoading || count < reached.current || count > reached.current * 1.25) reached.current = count;
  const kept = useSignal<Kept>({ order: null, isOrdering: false, of: null });
  useEffect(() => {
    const over = new AbortController();
    kept.value = { ...kept.peek(), isOrdering: true };
    workInSteps(orderSteps(rows, { text, sort }), over.signal).then(
      (order) => {
        if (!over.signal.aborted) kept.value = { order, isOrdering: false, of: rows };
      },
      (error: unknown) => {
        if (!over.signal.aborted) reportError(error);
      },
    );
    return () => over.abort();
  }, [rows, reached.current, text, sort]);
  const { order, isOrdering, of } = kept.value;
  // After a reload there may be fewer rows than the order has.
  return { order: of === rows ? order : null, isOrdering: isOrdering && (text !== '' || sort !== null) };
}
