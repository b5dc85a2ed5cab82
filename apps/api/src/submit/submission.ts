import type { InvalidCode } from '@linkhaul/schemas';

/** A row as it was given. */
export interface InputRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

/** Where rows go as they are read. What it throws is a refusal of the whole list. */
export interface RowSink {
  text(row: InputRow): void;
  /** A row that cannot be read as it was meant. */
  invalid(row: InputRow, code: InvalidCode): void;
  /** A promise where rows come faster than they are stored: await it before the next ones. */
  ready(): Promise<void> | undefined;
}

/** A list that is read as its rows are taken. */
export type RowSource = (sink: RowSink) => Promise<void>;
