import type { InvalidCode } from '@linkhaul/schemas';

/** A row as it was sent. */
export interface InputRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

/** Takes rows as they are read. What it throws refuses the whole list. */
export interface RowSink {
  text(row: InputRow): void;
  /** Takes a row that cannot be read. */
  invalid(row: InputRow, code: InvalidCode): void;
  /** A promise if rows come faster than they are stored: await it before the next ones. */
  ready(): Promise<void> | undefined;
}

/** Reads a list into a sink. */
export type RowSource = (sink: RowSink) => Promise<void>;
