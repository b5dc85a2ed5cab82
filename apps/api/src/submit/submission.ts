/** A row as it was given. */
export interface InputRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

export type RowBatch = readonly InputRow[];
