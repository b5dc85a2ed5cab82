import { createDistinctTargets } from '@linkhaul/jobs';
import { endpointOf, type InvalidCode, rowNormaliser } from '@linkhaul/schemas';
import type { RowWriter } from '@linkhaul/storage';
import type { FieldSource } from '../request/pointers.js';
import { judgeCount, rowsBeyondExpected, tooManyRows } from './counts.js';
import type { ListReport } from './list/report.js';
import { collectRefusals } from './refusals.js';
import { setNotTaken } from './sets.js';
import type { InputRow, ListRules, RowSink, RowSource } from './submission.js';

/** Exact counts of a list that was read. */
export interface Intake {
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  /** Distinct targets, which are the ones to buy. */
  readonly targets: number;
  /** The most targets that share one match key. No two of them may share a call. */
  readonly mostWithOneKey: number;
  /** The number of targets in each layer of each registrable domain; iterate once. Empty if the endpoint does not limit domains. */
  readonly layerSizes: Iterable<number>;
  readonly rowParts: number;
  readonly invalidParts: number;
}

interface IntakeOptions {
  /** Where the rows go. */
  readonly writer: RowWriter;
  readonly submission: ListRules;
  readonly source: FieldSource;
  readonly maxRows: number;
  readonly report: Pick<ListReport, 'valid' | 'invalid'>;
}

/**
 * Normalises rows as they arrive, finds duplicates and writes the rows. After a refusal no write is under way, and the caller
 * removes what was written.
 */
export async function takeIn(rows: RowSource, options: IntakeOptions): Promise<Intake> {
  const { writer } = options;
  try {
    const taking = createTaking(options);
    await rows(taking.sink);
    return { ...taking.finish(), ...(await writer.finish()) };
  } finally {
    await writer.idle();
  }
}

/** Takes each row as it comes, and counts. */
function createTaking({ writer, submission, source, maxRows, report }: IntakeOptions) {
  const { expect_rows: expected = Number.POSITIVE_INFINITY } = submission;
  const endpoint = endpointOf(submission.endpoint);
  const normalise = rowNormaliser(endpoint, { as: submission.target_as, keepWww: submission.keep_www });
  const distinct = createDistinctTargets(endpoint.kind === 'bulk' && endpoint.maxDomains !== null);
  const refusals = collectRefusals(submission);
  let valid = 0;
  let invalid = 0;
  let full: Promise<void> | undefined;

  const wait = (room: Promise<void> | undefined) => {
    if (room === undefined) return;
    full = room;
    // The caller awaits this promise before the next piece. If the current piece is refused, that error comes first.
    room.catch(() => undefined);
  };
  const admit = (line: number) => {
    if (valid + invalid >= maxRows) throw tooManyRows(maxRows, line);
    if (valid + invalid >= expected) throw rowsBeyondExpected(expected, source);
  };
  const takeInvalid = (row: InputRow, code: InvalidCode) => {
    invalid++;
    refusals.add(row, code);
    report.invalid(row, code);
    const { line, input, id } = row;
    wait(writer.invalid({ line, input, id, code }));
  };
  const take = (row: InputRow) => {
    const { line, input, id } = row;
    if (row.isSet === true && endpoint.kind !== 'set') throw setNotTaken(row, endpoint);
    const normalised = normalise(input);
    if (!normalised.ok) return takeInvalid(row, normalised.code);
    valid++;
    const { target, kind } = normalised;
    report.valid(row, normalised);
    const numbers = distinct.take(line, normalised);
    wait(writer.valid({ line, input, id, target, kind, duplicateOf: numbers.first || null }, numbers));
  };
  const sink: RowSink = {
    invalid(given, code) {
      admit(given.line);
      takeInvalid(given, code);
    },
    text(given) {
      admit(given.line);
      if (given.fault === undefined) take(given);
      else takeInvalid(given, given.fault);
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
