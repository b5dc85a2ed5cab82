import { isoTime, type JobRecord } from '@linkhaul/jobs';
import { isObject, itemsOf, jsonOf, type Result, readEnvelope } from '@linkhaul/schemas';
import { type Answer, EMPTY_TARGET, MISSING_TARGET, type PlannedTarget } from '@linkhaul/storage';
import type { Batches, Reading, RowForms } from './batch.js';
import { type Cursor, FIRST_CALL } from './cursor.js';
import {
  damagedOutcome,
  errorOf,
  invalidColumns,
  invalidOutcome,
  resultLine,
  rowsByLine,
  skippedOutcome,
  validColumns,
} from './lines.js';
import { type WalkedCall, walkSettled } from './walk.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

/**
 * A job's results from a cursor on: invalid rows first, then by call, then by line. One line an item; a row without
 * items, or that ended without an answer after some, has one more with `position: null`. Open rows have no line yet.
 */
export async function* readResults(job: JobRecord, from: Cursor, reading: Reading): Batches<Result> {
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
    const { retried, replaced, before } = next.value;
    const all = replaced ? [] : await linesOfCall(job, next.value);
    // What a further run took up is said by its own calls.
    const lines = retried ? all.filter(({ status }) => status !== 'failed' && status !== 'skipped') : all;
    yield { before, lines };
  }
}

async function linesOfCall(job: JobRecord, { call, targets, came, end }: WalkedCall): Promise<Result[]> {
  const each = (outcome: Pick<Result, 'status' | 'error'>) =>
    rowsByLine(targets).map(({ columns }) => resultLine(columns, { ...outcome, call }));
  switch (came.kind) {
    case 'unmade':
      return each(skippedOutcome(job, end));
    case 'damaged':
      return came.decides ? each(damagedOutcome(came.attempts)) : [];
    case 'answered': {
      const lines = await answeredLines(came.answer, targets);
      const { outcome, attempt } = came.answer.header;
      return came.isCutShort && outcome.kind === 'list' ? [...lines, ...each(damagedOutcome(attempt))] : lines;
    }
  }
}

async function answeredLines(answer: Answer, targets: readonly PlannedTarget[]): Promise<Result[]> {
  const { call, answeredAt, outcome } = answer.header;
  if (outcome.kind === 'split' || outcome.kind === 'deferred') return [];
  const common = { call, fetched_at: isoTime(answeredAt), source: 'upstream' as const };
  const rows = rowsByLine(targets);
  if (outcome.kind === 'failed') {
    const failed = { ...common, status: 'failed' as const, error: errorOf(outcome.code, answer) };
    return rows.map(({ columns }) => resultLine(columns, failed));
  }
  const elements = await elementsOf(answer);
  if (outcome.kind === 'bulk') {
    return rows.map(({ columns, position }) => {
      const at = outcome.items[position] ?? MISSING_TARGET;
      return resultLine(columns, { ...common, ...bulkOutcome(at, { elements, answer }) });
    });
  }
  if (outcome.status === 'empty') {
    return rows.map(({ columns }) => resultLine(columns, { ...common, status: 'empty' }));
  }
  return rows.flatMap(({ columns }) =>
    elements
      .filter(isObject)
      .map((data, index) => resultLine(columns, { ...common, status: 'ok', position: outcome.offset + index, data })),
  );
}

function bulkOutcome(at: number, { elements, answer }: { elements: readonly unknown[]; answer: Answer }) {
  if (at === EMPTY_TARGET) return { status: 'empty' as const };
  if (at === MISSING_TARGET) return { status: 'failed' as const, error: errorOf('missing_in_answer', answer) };
  const item = elements[at];
  return { status: 'ok' as const, position: 0, data: isObject(item) ? item : null };
}

/** The elements of the answer as the upstream gave them, found as they were when the answer was judged. */
async function elementsOf(answer: Answer): Promise<readonly unknown[]> {
  const envelope = readEnvelope(jsonOf((await answer.body()).toString('utf8')));
  return itemsOf(envelope?.tasks[answer.header.task ?? 0]?.json);
}
