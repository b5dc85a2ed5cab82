import type { InvalidCode, TargetKind } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { getBytes, getLines, putBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';
import { decodeRow, encodeRow } from './row-lines.js';
import { createRowPart, type PlainRow } from './row-part.js';
import { createWrites, type Writes } from './writes.js';

/** A row that will be asked. `duplicateOf` is the line of the first row with the same target. */
export interface ValidRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  readonly target: string;
  readonly kind: TargetKind;
  readonly duplicateOf: number | null;
}

export interface InvalidRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  readonly code: InvalidCode;
}

/** Every part of rows but the last has so many. */
export const ROWS_PER_PART = 10_000;

type EncodedInvalid = [line: number, input: string, id: string | null, code: InvalidCode];

/** Takes a list's rows, in order. */
export interface RowWriter {
  /** A promise where there is something to wait for: await it, so that a fast upload does not outrun the storage. */
  valid(row: ValidRow): Promise<void> | undefined;
  /** The same as `valid`, for a row whose text need not be looked at again. It is not kept. */
  plain(row: PlainRow): Promise<void> | undefined;
  invalid(row: InvalidRow): Promise<void> | undefined;
  /** Writes what is left; the number of parts of each kind. */
  finish(): Promise<{ rowParts: number; invalidParts: number }>;
  /** When no write is under way any more, whether it succeeded or not. Only then can what was written be removed. */
  atRest(): Promise<void>;
}

/** Parts that are compressed and written at once, so that rows can come in meanwhile. */
const MOST_WRITES = 3;

/** Writes a job's rows as they stream in, the invalid ones apart: nobody asks about them again. */
export function writeRows(backend: Backend, job: JobRef): RowWriter {
  const writes = createWrites(MOST_WRITES);
  const rows = partWriter(backend, writes, (part) => paths.rows(job, part));
  const invalid = partWriter(backend, writes, (part) => paths.invalidRows(job, part));
  return {
    valid: (row) => rows.add(encodeRow(row)),
    plain: (row) => rows.addPlain(row),
    invalid: ({ line, input, id, code }) =>
      invalid.add(JSON.stringify([line, input, id, code] satisfies EncodedInvalid)),
    async finish() {
      await rows.flush();
      await invalid.flush();
      await writes.done();
      return { rowParts: rows.parts, invalidParts: invalid.parts };
    },
    atRest: () => writes.atRest(),
  };
}

/** The rows of one part, in order. */
export async function readRows(backend: Backend, job: JobRef, part: number): Promise<ValidRow[]> {
  return (await getLines(backend, paths.rows(job, part))).map((text) => decodeRow(JSON.parse(text)));
}

/** The rows of one part as they are stored: lines, which `createKeptRows` understands. */
export async function readRowBytes(backend: Backend, job: JobRef, part: number): Promise<Buffer> {
  return getBytes(backend, paths.rows(job, part));
}

export async function readInvalidRows(backend: Backend, job: JobRef, part: number): Promise<InvalidRow[]> {
  return (await getLines(backend, paths.invalidRows(job, part))).map((text) => {
    const [line, input, id, code]: EncodedInvalid = JSON.parse(text);
    return { line, input, id, code };
  });
}

function partWriter(backend: Backend, writes: Writes, keyOf: (part: number) => string) {
  const free: ReturnType<typeof createRowPart>[] = [];
  let current = createRowPart();
  let parts = 0;
  const flush = (): Promise<void> | undefined => {
    if (current.rows === 0) return undefined;
    const full = current;
    const key = keyOf(parts++);
    current = free.pop() ?? createRowPart();
    return writes.start(async () => {
      await putBytes(backend, key, full.bytes);
      full.clear();
      free.push(full);
    });
  };
  const flushIfFull = () => (current.rows >= ROWS_PER_PART ? flush() : undefined);
  return {
    get parts() {
      return parts;
    },
    flush,
    add(json: string): Promise<void> | undefined {
      current.add(json);
      return flushIfFull();
    },
    addPlain(row: PlainRow): Promise<void> | undefined {
      current.addPlain(row);
      return flushIfFull();
    },
  };
}
