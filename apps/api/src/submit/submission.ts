import type { InvalidCode, Submission } from '@linkhaul/schemas';

/** The fields that decide how a list's rows are read. */
export type ListRules = Pick<Submission, 'endpoint' | 'target_as' | 'keep_www' | 'on_invalid' | 'expect_rows'>;

/** A row as it was sent. */
export interface InputRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  /** Whether the row was given as a list of targets. */
  readonly isSet?: boolean;
  /** The fault that the reader of the list found in the row. */
  readonly fault?: InvalidCode;
}

/** Receives rows as they are read. An error that it throws refuses the whole list. */
export interface RowSink {
  /** Takes a row, which may have a fault. */
  text(row: InputRow): void;
  /** Takes a row that cannot be read. */
  invalid(row: InputRow, code: InvalidCode): void;
  /** A promise if rows arrive faster than they are stored: await it before the next ones. */
  ready(): Promise<void> | undefined;
}

/** Reads a list into a sink. */
export type RowSource = (sink: RowSink) => Promise<void>;
