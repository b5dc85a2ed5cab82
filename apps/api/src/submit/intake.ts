import { endpointOf, type InvalidCode, normaliseTarget, type Submission } from '@linkhaul/schemas';
import type { PlainRow, RowWriter } from '@linkhaul/storage';
import { judgeCount, rowsBeyondExpected, tooManyRows } from './counts.js';
import { createDistinctTargets } from './distinct-targets.js';
import { createPlainRows, type RowBytes } from './plain-rows.js';
import type { FieldSource } from './pointers.js';
import { collectRefusals } from './refusals.js';
import type { InputRow, RowSink, RowSource } from './submission.js';

/** What came in: exact counts. */
export interface Intake {
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  /** Distinct ones: those that are bought. */
  readonly targets: number;
  /** The most targets that have one match key: no two of them share a call. */
  readonly mostWithOneKey: number;
  /** How many targets each layer of each registrable domain has, to be gone through once; empty where domains have no cap. */
  readonly layerSizes: Iterable<number>;
  readonly rowParts: number;
  readonly invalidParts: number;
}

interface IntakeOptions {
  /** Where the rows go. */
  readonly writer: RowWriter;
  readonly submission: Submission;
  readonly source: FieldSource;
  readonly maxRows: number;
}

/**
 * Takes rows in as they come: normalises, finds duplicates, writes. Whoever calls it removes what a refusal leaves: however
 * it ends, no write is under way any more.
 */
export async function takeIn(rows: RowSource, options: IntakeOptions): Promise<Intake> {
  const { writer } = options;
  try {
    const taking = createTaking(options);
    await rows(taking.sink);
    return { ...taking.finish(), ...(await writer.finish()) };
  } finally {
    await writer.atRest();
  }
}

/** Room for any target that may be plain, and for an id. */
const SCRATCH_BYTES = 4 * 2048;
/** Room for any target that may be plain. */
const MAX_SCRATCH_LENGTH = 2048;
const PLAIN_ID = /^[ !#-[\]-~]{0,255}$/;

/** Takes each row as it comes, and counts. */
function createTaking({ writer, submission, source, maxRows }: IntakeOptions) {
  const { expect_rows: expected = Number.POSITIVE_INFINITY } = submission;
  const endpoint = endpointOf(submission.endpoint);
  const rules = { as: submission.target_as, keepWww: submission.keep_www, acceptsPages: endpoint.acceptsPages };
  const distinct = createDistinctTargets(endpoint.kind === 'bulk' && endpoint.maxDomains !== null);
  const plainRows = createPlainRows(rules, distinct);
  const refusals = collectRefusals(submission);
  const scratch = Buffer.alloc(SCRATCH_BYTES);
  let valid = 0;
  let invalid = 0;
  let full: Promise<void> | undefined;

  const wait = (room: Promise<void> | undefined) => {
    if (room === undefined) return;
    full = room;
    // It is awaited before the next piece; a refusal of this one comes before its own.
    room.catch(() => undefined);
  };
  const admit = (line: number) => {
    if (valid + invalid >= maxRows) throw tooManyRows(maxRows, line);
    if (valid + invalid >= expected) throw rowsBeyondExpected(expected, source);
  };
  const takePlain = (row: PlainRow) => {
    valid++;
    wait(writer.plain(row));
  };
  const takeInvalid = (row: InputRow, code: InvalidCode) => {
    invalid++;
    refusals.add(row.line, code);
    wait(writer.invalid({ ...row, code }));
  };
  const takeText = (row: InputRow) => {
    const { line, input, id } = row;
    const normalised = normaliseTarget(input, rules);
    if (!normalised.ok) return takeInvalid(row, normalised.code);
    valid++;
    const { target, kind } = normalised;
    wait(writer.valid({ line, input, id, target, kind, duplicateOf: distinct.firstLine(line, target) }));
  };
  const sink: RowSink = {
    invalid(given, code) {
      admit(given.line);
      takeInvalid(given, code);
    },
    text(given) {
      admit(given.line);
      const written = write(given, scratch);
      const row = written === null ? null : plainRows.read(given.line, written);
      if (row !== null) takePlain(row);
      else takeText(given);
    },
    ready() {
      const room = full;
      full = undefined;
      return room;
    },
  };
  return {
    sink,
    finish() {
      judgeCount(valid + invalid, submission, source);
      refusals.judge();
      const { targets, mostWithOneKey, layerSizes } = distinct;
      return { valid, invalid, duplicates: valid - targets, targets, mostWithOneKey, layerSizes };
    },
  };
}

/** Null where it has no room, or its id needs escapes. */
function write({ input, id }: InputRow, bytes: Buffer): RowBytes | null {
  if (input.length > MAX_SCRATCH_LENGTH || (id !== null && !PLAIN_ID.test(id))) return null;
  const to = bytes.write(input);
  if (id === null) return { bytes, from: 0, to, idFrom: -1, idTo: -1 };
  return { bytes, from: 0, to, idFrom: to, idTo: to + bytes.write(id, to) };
}
