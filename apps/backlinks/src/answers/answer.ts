/** What a task gives. Items stay the JSON text that DuckDB wrote: reading and writing them again would be most of a call. */
export interface Answer {
  /** The fields of `result[0]` before `items_count`. */
  readonly head: Readonly<Record<string, string | number>>;
  readonly items: readonly string[];
}

/** A parameter that is understood and not served yet. */
export class NotImplemented extends Error {}
