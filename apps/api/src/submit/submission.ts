/** A row as it was given. */
export interface InputRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

/** Text as it stands in a body: UTF-8, from `from` to `to`. */
export interface ByteRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Where rows go as they are read. What it throws is a refusal of the whole list. */
export interface RowSink {
  text(row: InputRow): void;
  /** The same for a row whose text need not be made a string; the bytes are not kept. */
  bytes(line: number, range: ByteRange, id: string | null): void;
  /** A promise where rows come faster than they are stored: await it before the next ones. */
  ready(): Promise<void> | undefined;
}

/** A list that is read as its rows are taken. */
export type RowSource = (sink: RowSink) => Promise<void>;
