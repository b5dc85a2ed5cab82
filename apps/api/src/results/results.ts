import { isoTime, type JobRecord, refOf } from '@linkhaul/jobs';
import { type Result, type RowStatus, upstreamEnvelope, upstreamResult } from '@linkhaul/schemas';
import { type Answer, EMPTY_TARGET, MISSING_TARGET, type PlannedTarget } from '@linkhaul/storage';
import type { Batch, StatusFilter } from '../routes/listing.js';
import { type Cursor, START } from './cursor.js';
import { errorOf, invalidError, rowColumns, rowsByLine, unanswered } from './lines.js';
import { hasNextPage, type Reading, walkSettled } from './walk.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

type Item = Record<string, unknown>;

interface ReadOptions {
  readonly from: Cursor;
  readonly filter: StatusFilter;
  readonly services: Reading;
}

/**
 * A job's results from a cursor on: invalid rows first, then by call, then by line. One line an item; a row without
 * items, or that ended without an answer after some, has one more with `position: null`. Open rows have no line yet.
 */
export async function* readResults(
  job: JobRecord,
  { from, filter, services }: ReadOptions,
): AsyncGenerator<Batch, { done: boolean; at: Cursor }> {
  const finished = job.finishedAt !== null;
  const wanted = (lines: Result[]) => lines.filter(({ status }) => filter(status));
  if (from.phase === 'invalid') {
    for await (const { rows, ...places } of walkInvalid(job, from, services)) {
      yield { ...places, lines: wanted(rows.map((row) => ({ ...withoutItem(row, 'invalid'), error: invalidError(row) }))) };
    }
  }
  if (job.plan === null) {
    if (!finished) return { done: false, at: { ...START, phase: 'calls' } };
    const skipped = unanswered(true);
    for await (const { rows, ...places } of walkUnplanned(job, from, services)) {
      yield { ...places, lines: wanted(rows.map((row) => ({ ...withoutItem(row, 'skipped'), duplicate_of: row.duplicateOf, ...skipped }))) };
    }
    return { done: true, at: from };
  }
  const calls = walkSettled(job, from.phase === 'calls' ? from : { ...START, phase: 'calls' }, { ...services, plan: job.plan });
  const settled = await services.calls.settled(refOf(job.description));
  for (;;) {
    const next = await calls.next();
    if (next.done) return next.value;
    const { call, targets, answer, before, after } = next.value;
    const lines = answer === null ? skippedLines(call, targets) : await answeredLines(answer, targets);
    const cut = finished && answer !== null && hasNextPage(answer) && !settled.isSettled(call + job.plan.roots);
    if (cut) lines.push(...skippedLines(call, targets));
    yield { lines: wanted(lines), before, after };
  }
}

function withoutItem(row: { line: number; input: string; id: string | null; target?: string }, status: RowStatus): Result {
  const { line, input, id, target = null } = row;
  return {
    line, input, id, target, status,
    duplicate_of: null, position: null, call: null, fetched_at: null, source: null, data: null, error: null,
  };
}

function skippedLines(call: number, targets: readonly PlannedTarget[]): Result[] {
  return rowsByLine(targets).map(({ row, target }) => ({
    ...withoutItem(row, 'skipped'), ...rowColumns(row, target), call, ...unanswered(true),
  }));
}

async function answeredLines(answer: Answer, targets: readonly PlannedTarget[]): Promise<Result[]> {
  const { header } = answer;
  const { outcome } = header;
  const common = { call: header.call, fetched_at: isoTime(header.answeredAt), source: 'upstream' as const };
  const rows = rowsByLine(targets).map(({ row, target, position }) => ({ columns: { ...rowColumns(row, target), ...common }, position }));
  const none = { position: null, data: null, error: null };
  if (outcome.kind === 'failed') {
    return rows.map(({ columns }) => ({ ...columns, ...none, status: 'failed', error: errorOf(outcome.code, answer) }));
  }
  const items = await itemsOf(answer);
  if (outcome.kind === 'bulk') {
    return rows.map(({ columns, position }) => ({ ...columns, ...bulkOutcome(outcome.items[position] ?? MISSING_TARGET, { items, answer }) }));
  }
  if (outcome.status === 'empty') return rows.map(({ columns }) => ({ ...columns, ...none, status: 'empty' }));
  return rows.flatMap(({ columns }) =>
    items.map((data, index) => ({ ...columns, status: 'ok' as const, position: outcome.offset + index, data, error: null })),
  );
}

function bulkOutcome(at: number, { items, answer }: { items: readonly (Item | null)[]; answer: Answer }) {
  const none = { position: null, data: null };
  if (at === EMPTY_TARGET) return { ...none, status: 'empty' as const, error: null };
  if (at === MISSING_TARGET) return { ...none, status: 'failed' as const, error: errorOf('missing_in_answer', answer) };
  return { position: 0, status: 'ok' as const, data: items[at] ?? null, error: null };
}

/** The items as the upstream gave them; the body was readable when it was stored. */
async function itemsOf(answer: Answer): Promise<(Item | null)[]> {
  const { tasks } = upstreamEnvelope.parse(JSON.parse((await answer.body()).toString('utf8')));
  const result = upstreamResult.safeParse(tasks?.[0]?.result?.[0]);
  return result.success ? (result.data.items ?? []) : [];
}
