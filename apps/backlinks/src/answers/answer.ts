/**
 * The answer to a task. Items stay the JSON text that DuckDB wrote: parsing and writing them again would take most of a call's
 * time.
 */
export interface Answer {
  /** The fields of `result[0]` before `items_count`. */
  readonly head: Readonly<Record<string, unknown>>;
  /** The items, separated by commas; null if there are none. */
  readonly items: string | null;
  readonly count: number;
  /** The token with which a request continues after these items. Not every answer has one. */
  readonly token?: string;
}

/** A filter or sorting rule that does not compile, or a token that is refused. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly field: 'filters' | 'backlinks_filters' | 'order_by' | 'search_after_token';
}

/** `unknown`: the target is not in the graph. */
export type Answered = { readonly kind: 'found'; readonly answer: Answer } | { readonly kind: 'unknown' } | Invalid;
