import { isoTime, type JobRecord, refOf, type SettledCalls } from '@linkhaul/jobs';
import { type Nanos, type Row, usdOf } from '@linkhaul/schemas';
import { type Answer, EMPTY_TARGET, MISSING_TARGET, type PlannedTarget, type PlanShape } from '@linkhaul/storage';
import type { Batch, StatusFilter } from '../routes/listing.js';
import { type Cursor, START } from './cursor.js';
import { errorOf, invalidError, rowColumns, rowsByLine, unanswered } from './lines.js';
import { hasNextPage, planReader, type Reading, readSettled } from './walk.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

interface ReadOptions {
  readonly from: Cursor;
  readonly filter: StatusFilter;
  readonly services: Reading;
}

const NOTHING = {
  duplicate_of: null, items: 0, total_count: null, truncated: null, cost_usd: 0, fetched_at: null, call: null, error: null,
} as const;

/** One line an input row with its outcome: invalid rows first, then by call, then by line; open rows are `pending`. */
export async function* readRowStates(
  job: JobRecord,
  { from, filter, services }: ReadOptions,
): AsyncGenerator<Batch, { done: boolean; at: Cursor }> {
  const finished = job.finishedAt !== null;
  const wanted = (rows: Row[]) => rows.filter(({ status }) => filter(status));
  if (from.phase === 'invalid') {
    for await (const { rows, ...places } of walkInvalid(job, from, services)) {
      yield { ...places, lines: wanted(rows.map((row) => ({
        line: row.line, input: row.input, id: row.id, target: null, target_kind: null, status: 'invalid', ...NOTHING, error: invalidError(row),
      }))) };
    }
  }
  if (job.plan === null) {
    for await (const { rows, ...places } of walkUnplanned(job, from, services)) {
      yield { ...places, lines: wanted(rows.map(({ kind, duplicateOf, ...row }) => ({
        ...NOTHING, ...row, target_kind: kind, duplicate_of: duplicateOf, ...unanswered(finished),
      }))) };
    }
    return { done: finished, at: { ...START, phase: 'calls' } };
  }
  yield* plannedRows(job, job.plan, { from, services, wanted });
  return { done: true, at: { ...START, phase: 'calls', next: job.plan.roots + 1 } };
}

interface PlannedOptions {
  readonly from: Cursor;
  readonly services: Reading;
  wanted(rows: Row[]): Row[];
}

async function* plannedRows(job: JobRecord, plan: PlanShape, { from, services, wanted }: PlannedOptions): AsyncGenerator<Batch> {
  const settled = await services.calls.settled(refOf(job.description));
  const targetsOf = planReader(job, plan, services);
  const first = from.phase === 'calls' ? Math.max(from.next, 1) : 1;
  for (let root = first; root <= plan.roots; root++) {
    const place = { ...START, phase: 'calls' as const };
    const before = { ...place, next: root, skip: root === from.next ? from.skip : 0 };
    const rows = await rowsOfRoot(job, { root, plan, settled, targets: await targetsOf(root), services });
    yield { lines: wanted(rows), before, after: { ...place, next: root + 1 } };
  }
}

interface Root {
  readonly root: number;
  readonly plan: PlanShape;
  readonly settled: SettledCalls;
  readonly targets: readonly PlannedTarget[];
  readonly services: Reading;
}

async function rowsOfRoot(job: JobRecord, { root, plan, settled, targets, services }: Root): Promise<Row[]> {
  const open = unanswered(job.finishedAt !== null);
  let answer: Answer | null = null;
  // A row of a list endpoint is decided by its last page.
  for (let call = root; settled.isSettled(call); call += plan.roots) {
    answer = await readSettled(job, call, { settled, reading: services });
    if (!hasNextPage(answer)) break;
  }
  const lines = rowsByLine(targets);
  return lines.map(({ row, target, position }) => {
    const columns = { ...NOTHING, ...rowColumns(row, target), target_kind: target.kind, call: answer?.header.call ?? root };
    if (answer === null) return { ...columns, ...open };
    return { ...columns, ...open, ...outcomeOf(answer, { position, targets: targets.length, isFirst: columns.duplicate_of === null }) };
  });
}

interface Place {
  readonly position: number;
  readonly targets: number;
  /** The row that bought the target; the others paid nothing. */
  readonly isFirst: boolean;
}

function outcomeOf(answer: Answer, place: Place): Partial<Row> {
  const { outcome, answeredAt, cost } = answer.header;
  const share = (nanos: Nanos) => (place.isFirst ? usdOf(nanos) : 0);
  const common = { fetched_at: isoTime(answeredAt) };
  if (outcome.kind === 'bulk') {
    const at = outcome.items[place.position] ?? MISSING_TARGET;
    const paid = { ...common, cost_usd: share(evenShare(cost, place)) };
    if (at === MISSING_TARGET) return { ...paid, status: 'failed', error: errorOf('missing_in_answer', answer) };
    return { ...paid, status: at === EMPTY_TARGET ? 'empty' : 'ok', items: at === EMPTY_TARGET ? 0 : 1, error: null };
  }
  const paid = { ...common, items: outcome.itemsSoFar, cost_usd: share(evenShare(outcome.costSoFar, place)) };
  if (outcome.kind === 'failed') {
    const truncated = outcome.itemsSoFar > 0 ? ('error' as const) : null;
    return { ...paid, truncated, status: 'failed', error: errorOf(outcome.code, answer) };
  }
  const counted = { ...paid, total_count: outcome.totalCount };
  return outcome.status === null ? counted : { ...counted, status: outcome.status, truncated: outcome.truncated, error: null };
}

/** A call's cost over its targets, to the last nano-dollar: the shares add up to the cost. */
function evenShare(cost: Nanos, { position, targets }: Place): Nanos {
  return Math.floor((cost * (position + 1)) / targets) - Math.floor((cost * position) / targets);
}
