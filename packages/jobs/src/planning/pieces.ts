/** What is to be packed: stretches of targets, each of one domain. Packing changes `starts` and `sizes`. */
export interface Pieces {
  readonly count: number;
  /** Where each stretch begins. */
  readonly starts: Int32Array;
  /** From 1 to the most targets of a call. */
  readonly sizes: Int32Array;
  /** Pieces of the same family never share a call. Null if no two pieces have the same family. */
  readonly familyOf: Int32Array | null;
  readonly families: number;
}
