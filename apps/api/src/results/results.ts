import { isoTime, type JobRecord } from '@linkhaul/jobs';
import { isObject, itemsOf, type JsonObject, jsonOf, type Result, readEnvelope } from '@linkhaul/schemas';
import { type Answer, EMPTY_TARGET, MISSING_TARGET, type PlannedTarget } from '@linkhaul/storage';
import type { Batches, Line, Reading, RowForms } from './batch.js';
import { type Cursor, FIRST_CALL } from './cursor.js';
import {
  damagedOutcome,
  errorOf,
  type InputColumns,
  invalidColumns,
  invalidOutcome,
  type ResultColumns,
  resultLine,
  resultText,
  rowsByLine,
  skippedOutcome,
  type TextLine,
  validColumns,
} from './lines.js';
import { rawItems } from './raw-items.js';
import { type WalkedCall, walkSettled } from './walk.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

/**
 * A job's results from a cursor on: invalid rows first, then by call, then by line. One line an item; a row without
 * items, or that ended without an answer after some, has one more with `position: null`. Open rows have no line yet.
 */
export function readResults(job: JobRecord, from: Cursor, reading: Reading): Batches<Result> {
  return linesOfResults(job, { from, reading, form: PARSED });
}

/** The same lines as their JSON, several times as fast. */
export function readResultTexts(job: JobRecord, from: Cursor, reading: Reading): Batches<TextLine> {
  return linesOfResults(job, { from, reading, form: TEXT });
}

/** How lines are made of answers, whose items are of type D. */
interface LineForm<L extends Line, D> {
  lineOf(columns: InputColumns, rest: ResultColumns<D>): L;
  /** Null: an element that is no item. */
  elementsOf(answer: Answer): Promise<readonly (D | null)[]>;
}

const PARSED: LineForm<Result, JsonObject> = { lineOf: resultLine, elementsOf: parsedElements };

const TEXT: LineForm<TextLine, string> = {
  lineOf: resultText,
  async elementsOf(answer) {
    const found = rawItems((await answer.body()).toString('utf8'), answer.header.task ?? 0);
    return found ?? (await parsedElements(answer)).map((item) => item && JSON.stringify(item));
  },
};

interface Walking<L extends Line, D> {
  readonly from: Cursor;
  readonly reading: Reading;
  readonly form: LineForm<L, D>;
}

async function* linesOfResults<L extends Line, D>(job: JobRecord, walking: Walking<L, D>): Batches<L> {
  const { from, reading, form } = walking;
  const forms: RowForms<L> = {
    invalid: (row) => form.lineOf(invalidColumns(row), invalidOutcome(row)),
    unplanned: (row) => form.lineOf(validColumns(row), skippedOutcome(job)),
  };
  const rows = { from, forms, storage: reading.storage };
  yield* walkInvalid(job, rows);
  if (job.plan === null) {
    if (job.finishedAt === null) return { next: FIRST_CALL };
    yield* walkUnplanned(job, rows);
    return { next: null };
  }
  const calls = walkSettled(job, { from: from.phase === 'calls' ? from : FIRST_CALL, plan: job.plan, reading });
  for (;;) {
    const next = await calls.next();
    if (next.done) return next.value;
    const { retried, replaced, before } = next.value;
    const all = replaced ? [] : await linesOfCall(job, next.value, form);
    // What a further run took up is said by its own calls.
    const lines = retried ? all.filter(({ status }) => status !== 'failed' && status !== 'skipped') : all;
    yield { before, lines };
  }
}

async function linesOfCall<L extends Line, D>(
  job: JobRecord,
  { call, targets, came, end }: WalkedCall,
  form: LineForm<L, D>,
): Promise<L[]> {
  const each = (outcome: Pick<Result, 'status' | 'error'>) =>
    rowsByLine(targets).map(({ columns }) => form.lineOf(columns, { ...outcome, call }));
  switch (came.kind) {
    case 'unmade':
      return each(skippedOutcome(job, end));
    case 'damaged':
      return came.decides ? each(damagedOutcome(came.attempts)) : [];
    case 'answered': {
      const lines = await answeredLines(came.answer, targets, form);
      const { outcome, attempt } = came.answer.header;
      return came.isCutShort && outcome.kind === 'list' ? [...lines, ...each(damagedOutcome(attempt))] : lines;
    }
  }
}

async function answeredLines<L extends Line, D>(
  answer: Answer,
  targets: readonly PlannedTarget[],
  { lineOf, elementsOf }: LineForm<L, D>,
): Promise<L[]> {
  const { call, answeredAt, outcome } = answer.header;
  if (outcome.kind === 'split' || outcome.kind === 'deferred') return [];
  const fetchedAt = isoTime(answeredAt);
  const common = { call, fetched_at: fetchedAt, source: 'upstream' as const };
  // Written out: there may be millions, and a spread takes longer than all else.
  const itemOf = (data: D | null, position: number): ResultColumns<D> => ({
    status: 'ok',
    position,
    call,
    fetched_at: fetchedAt,
    source: 'upstream',
    data,
  });
  const rows = rowsByLine(targets);
  if (outcome.kind === 'failed') {
    const failed = { ...common, status: 'failed' as const, error: errorOf(outcome.code, answer) };
    return rows.map(({ columns }) => lineOf(columns, failed));
  }
  const elements = await elementsOf(answer);
  if (outcome.kind === 'bulk') {
    const missing = { ...common, status: 'failed' as const, error: errorOf('missing_in_answer', answer) };
    const empty = { ...common, status: 'empty' as const };
    return rows.map(({ columns, position }) => {
      const at = outcome.items[position] ?? MISSING_TARGET;
      if (at === MISSING_TARGET) return lineOf(columns, missing);
      if (at === EMPTY_TARGET) return lineOf(columns, empty);
      return lineOf(columns, itemOf(elements[at] ?? null, 0));
    });
  }
  if (outcome.status === 'empty') {
    return rows.map(({ columns }) => lineOf(columns, { ...common, status: 'empty' }));
  }
  const items = elements.filter((element) => element !== null);
  return rows.flatMap(({ columns }) =>
    items.map((data, index) => lineOf(columns, itemOf(data, outcome.offset + index))),
  );
}

/** The elements of the answer as the upstream gave them, found as they were when the answer was judged. */
async function parsedElements(answer: Answer): Promise<readonly (JsonObject | null)[]> {
  const envelope = readEnvelope(jsonOf((await answer.body()).toString('utf8')));
  return itemsOf(envelope?.tasks[answer.header.task ?? 0]?.json).map((item) => (isObject(item) ? item : null));
}
