/**
 * The answer to a task. Items stay the JSON text that DuckDB wrote, because parsing and writing them again would take
 * most of a call's time.
 */
export interface Answer {
  /** The fields of `result[0]` before `items_count`. */
  readonly head: Readonly<Record<string, string | number>>;
  /** The items, separated by commas; null if there are none. */
  readonly items: string | null;
  readonly count: number;
}

/** `unknown`: the target is not in the graph. `invalid`: a filter or sorting rule that does not compile. */
export type Answered =
  | { readonly kind: 'found'; readonly answer: Answer }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'invalid'; readonly field: 'filters' | 'backlinks_filters' | 'order_by' };
