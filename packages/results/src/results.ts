import { isoTime, type JobRecord } from '@linkhaul/jobs';
import { endpointOf, type Result } from '@linkhaul/schemas';
import { type Answer, type AnswerHeader, EMPTY_TARGET, MISSING_TARGET } from '@linkhaul/storage';
import { partOf, partsOf } from './answer-parts.js';
import type { Batch, Batches, Line, Reading, RowForms } from './batch.js';
import { type Cursor, FIRST_CALL } from './cursor.js';
import { parsedElements, type ReadAnswer, rawElements } from './elements.js';
import { type TextLine, textLines } from './line-texts.js';
import {
  damagedOutcome,
  errorOf,
  invalidColumns,
  invalidOutcome,
  missingError,
  type ResultColumns,
  resultLine,
  rowsByLine,
  skippedOutcome,
  validColumns,
} from './lines.js';
import { type WalkedCall, walkSettled } from './walk.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

/**
 * A job's results from a cursor on: invalid rows first, then by call, then by line. Each item is a line. A row without items, or
 * one that failed after some, has one more line with `position: null`. Open rows have no line yet.
 */
export function readResults(job: JobRecord, from: Cursor, reading: Reading): Batches<Result> {
  return linesOfResults(job, { from, reading, linesOf: linesOfAnswer });
}

/** Like `readResults`, but lines of answers are cut out of stored bytes, which makes NDJSON several times as fast. */
export function readResultTexts(job: JobRecord, from: Cursor, reading: Reading): Batches<Result | TextLine> {
  return linesOfResults(job, { from, reading, linesOf: textsOfAnswer });
}

/** How an answer's lines are made of rows R and elements D. */
interface LineForm<L extends Line, R extends { readonly position: number }, D> {
  /** By line. */
  readonly rows: readonly R[];
  lineOf(row: R, rest: ResultColumns<D>): L;
  /** An element that is not an item is null. */
  elements(): Promise<readonly (D | null)[]>;
}

type AnswerLines<L extends Line> = (read: ReadAnswer, call: WalkedCall) => Promise<readonly L[]>;

async function linesOfAnswer(read: ReadAnswer, call: WalkedCall): Promise<readonly Result[]> {
  return answeredLines(read.answer, {
    rows: rowsByLine(await call.targets()),
    lineOf: ({ columns }, rest) => resultLine(columns, rest),
    elements: () => parsedElements(read),
  });
}

async function textsOfAnswer(read: ReadAnswer, call: WalkedCall): Promise<readonly (Result | TextLine)[]> {
  const { answer } = read;
  const { kind } = answer.header.outcome;
  // The body of any other answer may not be JSON.
  if (kind !== 'bulk' && kind !== 'list') return linesOfAnswer(read, call);
  const [elements, rows] = await Promise.all([rawElements(read), call.rowTexts()]);
  if (rows === null || elements === null) return linesOfAnswer(read, call);
  return answeredLines(answer, { rows, lineOf: textLines(), elements: async () => elements });
}

interface Walking<L extends Line> {
  readonly from: Cursor;
  readonly reading: Reading;
  readonly linesOf: AnswerLines<L>;
}

async function* linesOfResults<L extends Line>(job: JobRecord, walking: Walking<L>): Batches<L | Result> {
  const { from, reading } = walking;
  const forms: RowForms<Result> = {
    invalid: (row) => resultLine(invalidColumns(row), invalidOutcome(row)),
    unplanned: (row) => resultLine(validColumns(row), skippedOutcome(job)),
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
    yield* linesOfCall(job, next.value, walking);
  }
}

async function* linesOfCall<L extends Line>(
  job: JobRecord,
  walked: WalkedCall,
  { reading, linesOf }: Walking<L>,
): AsyncGenerator<Batch<L | Result>> {
  const { retried, replaced, before } = walked;
  const parts = partsOf(walked);
  for (let part = before.part; part < parts; part++) {
    const came = await partOf(job, walked, part, reading);
    const all = replaced ? [] : await linesOfPart(job, { ...walked, came }, linesOf);
    // Rows that a later run took up are shown by that run's calls.
    const lines = retried ? all.filter(({ status }) => status !== 'failed' && status !== 'skipped') : all;
    yield { before: { ...before, part, skip: part === before.part ? before.skip : 0 }, lines };
    if (came.kind === 'damaged') return;
  }
}

async function linesOfPart<L extends Line>(
  job: JobRecord,
  walked: WalkedCall,
  linesOf: AnswerLines<L>,
): Promise<readonly (L | Result)[]> {
  const { call, came, end } = walked;
  const each = async (outcome: Pick<Result, 'status' | 'error'>) =>
    rowsByLine(await walked.targets()).map(({ columns }) => resultLine(columns, { ...outcome, call }));
  switch (came.kind) {
    case 'unmade':
      return each(skippedOutcome(job, end));
    case 'damaged':
      return came.decides ? each(damagedOutcome(came.attempts)) : [];
    case 'answered': {
      const endpoint = endpointOf(job.description.endpoint);
      const lines = await linesOf({ answer: came.answer, endpoint }, walked);
      const { outcome, attempt } = came.answer.header;
      return came.isCutShort && outcome.kind === 'list' ? [...lines, ...(await each(damagedOutcome(attempt)))] : lines;
    }
  }
}

async function answeredLines<L extends Line, R extends { readonly position: number }, D>(
  answer: Answer,
  { rows, lineOf, elements: elementsOf }: LineForm<L, R, D>,
): Promise<L[]> {
  const { call, outcome } = answer.header;
  if (outcome.kind === 'split' || outcome.kind === 'deferred') return [];
  const originOf = origins(answer.header);
  // No spread here: there may be millions of lines, and a spread would take longer than everything else.
  const itemOf = (data: D | null, position: number, { fetched_at, source }: Origin): ResultColumns<D> => ({
    status: 'ok',
    position,
    call,
    fetched_at,
    source,
    data,
  });
  const common = { call, ...originOf(0) };
  if (outcome.kind === 'failed') {
    const came = { call, fetched_at: isoTime(answer.header.answeredAt), source: 'upstream' as const };
    const failed = { ...came, status: 'failed' as const, error: errorOf(outcome.code, answer) };
    return rows.map((row) => lineOf(row, failed));
  }
  const elements = await elementsOf();
  if (outcome.kind === 'bulk') {
    const missing = { status: 'failed' as const, error: missingError(answer) };
    return rows.map((row) => {
      const at = outcome.items[row.position] ?? MISSING_TARGET;
      const origin = originOf(row.position);
      if (at >= 0) return lineOf(row, itemOf(elements[at] ?? null, 0, origin));
      return lineOf(row, { call, ...origin, ...(at === EMPTY_TARGET ? { status: 'empty' as const } : missing) });
    });
  }
  if (outcome.status === 'empty') {
    return rows.map((row) => lineOf(row, { ...common, status: 'empty' }));
  }
  // A page by token is always a whole one, even if the job's limit leaves room for fewer items.
  const items = elements.filter((element) => element !== null).slice(0, outcome.items);
  return rows.flatMap((row) => items.map((data, index) => lineOf(row, itemOf(data, outcome.offset + index, common))));
}

/** Where the answer for a target comes from, and when it was fetched. */
type Origin = Required<Pick<Result, 'fetched_at' | 'source'>>;

/** By the position of the target in its call. */
function origins({ answeredAt, copied }: AnswerHeader): (position: number) => Origin {
  const bought = { fetched_at: isoTime(answeredAt), source: 'upstream' as const };
  return (position) => {
    const copiedAt = copied?.fetchedAt[position] ?? null;
    return copiedAt === null ? bought : { fetched_at: isoTime(copiedAt), source: 'stored' };
  };
}
