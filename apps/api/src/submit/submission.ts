/** A row as it was given. */
export interface InputRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

export type RowBatch = readonly InputRow[];

export type RowBatches = AsyncIterable<RowBatch> | Iterable<RowBatch>;

const ROWS_A_BATCH = 1000;

/** Rows that are there already, in pieces that do not hold the process up. */
export function* inBatches(rows: RowBatch): Generator<RowBatch> {
  for (let at = 0; at < rows.length; at += ROWS_A_BATCH) yield rows.slice(at, at + ROWS_A_BATCH);
}
