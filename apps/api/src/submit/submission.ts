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

/** A row as it stands in a body. */
export interface RowBytes extends ByteRange {
  /** The id, which needs no escapes in JSON, is the same bytes from here to `idTo`; -1 where there is none. */
  readonly idFrom: number;
  readonly idTo: number;
}

/** The same object for row after row. */
export type ReusedRow = { -readonly [Key in keyof RowBytes]: RowBytes[Key] };

export function createReusedRow(): ReusedRow {
  return { bytes: Buffer.alloc(0), from: 0, to: 0, idFrom: -1, idTo: -1 };
}

/** Where rows go as they are read. What it throws is a refusal of the whole list. */
export interface RowSink {
  text(row: InputRow): void;
  /** The same for a row whose texts need not be made strings; it is not kept. */
  bytes(line: number, row: RowBytes): void;
  /** A promise where rows come faster than they are stored: await it before the next ones. */
  ready(): Promise<void> | undefined;
}

/** A list that is read as its rows are taken. */
export type RowSource = (sink: RowSink) => Promise<void>;
