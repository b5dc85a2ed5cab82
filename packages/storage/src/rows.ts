import type { InvalidCode } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { firstBytes } from './first-bytes.js';
import { getBytes, getLines, putBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';
import { decodeRow, encodeRow, type ValidRow } from './row-lines.js';
import { type RowNumbers, type StoredRowPart, splitPart } from './row-numbers.js';
import { createRowPart } from './row-part.js';
import { readRowPlace } from './row-place.js';
import { createWrites, type Writes } from './writes.js';

export interface InvalidRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  readonly code: InvalidCode;
}

const NEWLINE = 0x0a;
const MOST_INVALID_BYTES = 2048;

/** The part of an invalid row's text that is kept and shown. */
export function keptOfInvalid(input: string): string {
  return firstBytes(input, MOST_INVALID_BYTES);
}

type EncodedInvalid = [line: number, input: string, id: string | null, code: InvalidCode];

/** Takes a list's rows, in order. */
export interface RowWriter {
  /** Returns a promise if there is something to wait for. Await it, so that a fast upload does not outrun the storage. */
  valid(row: ValidRow, numbers: RowNumbers): Promise<void> | undefined;
  /** Of a long text only the beginning is kept. */
  invalid(row: InvalidRow): Promise<void> | undefined;
  /** Writes the rest. Returns the number of parts of each kind. */
  finish(): Promise<{ rowParts: number; invalidParts: number }>;
  /** Resolves when no write is under way any more, successful or not. Only then can what was written be removed. */
  idle(): Promise<void>;
}

/** Parts that are compressed and written at the same time, while further rows come in. */
const MOST_WRITES = 3;

/** Writes a job's rows as they stream in. Invalid rows are stored apart, because no call needs them. */
export function writeRows(backend: Backend, job: JobRef): RowWriter {
  const writes = createWrites(MOST_WRITES);
  const rows = partWriter({ backend, writes, keyOf: (part) => paths.rows(job, part), hasNumbers: true });
  const invalid = partWriter({ backend, writes, keyOf: (part) => paths.invalidRows(job, part), hasNumbers: false });
  return {
    valid: (row, numbers) => rows.add(encodeRow(row), numbers),
    invalid({ line, input, id, code }) {
      const encoded: EncodedInvalid = [line, keptOfInvalid(input), id, code];
      return invalid.add(JSON.stringify(encoded));
    },
    async finish() {
      await rows.flush();
      await invalid.flush();
      await writes.done();
      return { rowParts: rows.parts, invalidParts: invalid.parts };
    },
    idle: () => writes.idle(),
  };
}

/** The rows of one part, in order. */
export async function readRows(backend: Backend, job: JobRef, part: number): Promise<ValidRow[]> {
  const { lines } = await readRowPart(backend, job, part);
  return rowsOfLines(lines);
}

export function rowsOfLines(lines: Buffer): ValidRow[] {
  if (lines.length === 0) return [];
  return lines
    .toString('utf8')
    .split('\n')
    .map((text) => decodeRow(JSON.parse(text)));
}

/** The rows of one part as they are stored. */
export async function readRowPart(backend: Backend, job: JobRef, part: number): Promise<StoredRowPart> {
  return splitPart(await getBytes(backend, paths.rows(job, part)));
}

/** The lines of the rows of one part, in order. */
export async function readLineNumbers(backend: Backend, job: JobRef, part: number): Promise<number[]> {
  const { lines: bytes } = await readRowPart(backend, job, part);
  const place = { line: 0, first: 0 };
  const numbers: number[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline === -1 ? bytes.length : newline;
    readRowPlace({ bytes, from, to }, place);
    numbers.push(place.line);
    from = to + 1;
  }
  return numbers;
}

export async function readInvalidRows(backend: Backend, job: JobRef, part: number): Promise<InvalidRow[]> {
  return (await getLines(backend, paths.invalidRows(job, part))).map((text) => {
    const [line, input, id, code]: EncodedInvalid = JSON.parse(text);
    return { line, input, id, code };
  });
}

interface PartWriting {
  readonly backend: Backend;
  readonly writes: Writes;
  readonly keyOf: (part: number) => string;
  readonly hasNumbers: boolean;
}

function partWriter({ backend, writes, keyOf, hasNumbers }: PartWriting) {
  const free: ReturnType<typeof createRowPart>[] = [];
  let current = createRowPart(hasNumbers);
  let parts = 0;
  const flush = (): Promise<void> | undefined => {
    if (current.rows === 0) return undefined;
    const full = current;
    const key = keyOf(parts++);
    current = free.pop() ?? createRowPart(hasNumbers);
    return writes.start(async () => {
      await putBytes(backend, key, full.bytes());
      full.clear();
      free.push(full);
    });
  };
  return {
    get parts() {
      return parts;
    },
    flush,
    add(json: string, numbers?: RowNumbers): Promise<void> | undefined {
      current.add(json, numbers);
      return current.isFull ? flush() : undefined;
    },
  };
}
