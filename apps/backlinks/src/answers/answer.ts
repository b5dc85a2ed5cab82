/** What a task gives. Items stay the JSON text that DuckDB wrote: reading and writing them again would be most of a call. */
export interface Answer {
  /** The fields of `result[0]` before `items_count`. */
  readonly head: Readonly<Record<string, string | number>>;
  /** The items with commas between them; null for none. */
  readonly items: string | null;
  readonly count: number;
}

/** `unknown`: the graph has no such target. `invalid`: a parameter that only its compiling could judge. */
export type Answered =
  | { readonly kind: 'found'; readonly answer: Answer }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'invalid'; readonly field: 'filters' | 'backlinks_filters' | 'order_by' };
