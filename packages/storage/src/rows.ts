import type { InvalidCode, TargetKind } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { getBytes, getLines, putLines } from './parts.js';
import { type JobRef, paths } from './paths.js';
import { decodeRow, encodeRow } from './row-lines.js';

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
  invalid(row: InvalidRow): Promise<void> | undefined;
  /** Writes what is left; the number of parts of each kind. */
  finish(): Promise<{ rowParts: number; invalidParts: number }>;
}

/** Writes a job's rows as they stream in, the invalid ones apart: nobody asks about them again. */
export function writeRows(backend: Backend, job: JobRef): RowWriter {
  const rows = partWriter(backend, (part) => paths.rows(job, part));
  const invalid = partWriter(backend, (part) => paths.invalidRows(job, part));
  return {
    valid: (row) => rows.add(encodeRow(row)),
    invalid: ({ line, input, id, code }) =>
      invalid.add(JSON.stringify([line, input, id, code] satisfies EncodedInvalid)),
    finish: async () => ({ rowParts: await rows.finish(), invalidParts: await invalid.finish() }),
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

function partWriter(backend: Backend, keyOf: (part: number) => string) {
  let lines: string[] = [];
  let parts = 0;
  const flush = async () => {
    const full = lines;
    lines = [];
    await putLines(backend, keyOf(parts++), full);
  };
  return {
    add(line: string): Promise<void> | undefined {
      lines.push(line);
      return lines.length >= ROWS_PER_PART ? flush() : undefined;
    },
    async finish() {
      if (lines.length > 0) await flush();
      return parts;
    },
  };
}
