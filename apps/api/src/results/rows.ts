import { isoTime, type JobRecord, refOf, type SettledAnswers, type SettledCalls, settledAnswers } from '@linkhaul/jobs';
import { endpointOf, type Nanos, type Row, usdOf } from '@linkhaul/schemas';
import {
  type Answer,
  EMPTY_TARGET,
  failedByDamage,
  type LastCall,
  lastCalls,
  MISSING_TARGET,
  type PlannedRun,
  type PlanShape,
  type RunEnd,
  runOf,
  runsOf,
  shareOf,
} from '@linkhaul/storage';
import type { Batches, Reading, RowForms } from './batch.js';
import { type Cursor, FIRST_CALL, plannedMeanwhile } from './cursor.js';
import {
  damagedOutcome,
  errorOf,
  invalidColumns,
  invalidOutcome,
  openOutcome,
  rowLine,
  rowsByLine,
  validColumns,
} from './lines.js';
import { planReader } from './plan.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

/** The rows of a job that have no call. */
export function formsOf(job: JobRecord): RowForms<Row> {
  return {
    invalid: (row) => rowLine(invalidColumns(row), invalidOutcome(row)),
    unplanned: (row) => rowLine(validColumns(row), openOutcome(job, false)),
  };
}

/** One line an input row with its outcome: invalid rows first, then by call, then by line; open rows are `pending`. */
export async function* readRowStates(job: JobRecord, from: Cursor, reading: Reading): Batches<Row> {
  const rows = { from, forms: formsOf(job), storage: reading.storage };
  yield* walkInvalid(job, rows);
  if (job.plan === null) {
    yield* walkUnplanned(job, rows);
    return { next: null };
  }
  if (from.phase === 'unplanned') throw plannedMeanwhile();
  return yield* plannedRows(job, { plan: job.plan, from: from.phase === 'calls' ? from : FIRST_CALL, reading });
}

interface PlannedOptions {
  readonly plan: PlanShape;
  readonly from: Cursor;
  readonly reading: Reading;
}

async function* plannedRows(job: JobRecord, { plan, from, reading }: PlannedOptions): Batches<Row> {
  const rowsOf = await rowsOfRoots(job, plan, reading);
  for (const { base, roots } of runsOf(plan)) {
    for (let root = Math.max(from.next, base + 1); root <= base + roots; root++) {
      // Which rows come next is not stored yet: the list goes on there when it is.
      if (root > (job.storedRoots ?? root)) return { next: { ...FIRST_CALL, next: root } };
      const before = { ...FIRST_CALL, next: root, skip: root === from.next ? from.skip : 0 };
      yield { lines: await rowsOf(root), before };
    }
  }
  return { next: null };
}

/** Reads the rows that a root call and its further calls decide, by line; all of them as they are at one moment. */
export async function rowsOfRoots(
  job: JobRecord,
  plan: PlanShape,
  reading: Reading,
): Promise<(root: number) => Promise<Row[]>> {
  const ref = refOf(job.description);
  const settled = await reading.calls.settled(ref, plan.later);
  const answers = settledAnswers({ job: ref, plan, settled, targetsOf: planReader(job, plan, reading) }, reading);
  const calls = { plan, settled, answerOf: answers.of, targetsOf: answers.targetsOf };
  return async (root) => {
    const run = runOf(root, plan);
    const lines = (await lastCalls(root, calls)).flatMap((last) =>
      rowsOfCall(job, last, { run, plan, settled, answers }),
    );
    return lines.sort((a, b) => a.line - b.line);
  };
}

interface Known {
  readonly plan: PlanShape;
  readonly run: PlannedRun;
  readonly settled: SettledCalls;
  readonly answers: SettledAnswers;
}

function rowsOfCall(job: JobRecord, last: LastCall, { plan, run: { end }, settled, answers }: Known): Row[] {
  const endpoint = endpointOf(job.description.endpoint);
  const all = linesOf(last, {
    kind: plan.kind,
    isCounted: endpoint.kind === 'list' && endpoint.totalCountsItems,
    cut: cutOf(job, end),
    unanswered: openOutcome(job, settled.isLive(last.open), end),
    damaged: failedByDamage(last) ? damagedOutcome(settled.attempt(last.call)) : null,
  });
  return answers.isRetried(last.open) ? all.filter(isDecided) : all;
}

/** What a further run leaves as it was: rows that it takes up are said by its own calls. */
function isDecided({ status }: Row): boolean {
  return status !== 'failed' && status !== 'skipped';
}

/** Why a run's open rows were skipped, where the job's money or time was over. */
function cutOf(job: JobRecord, end: RunEnd | null): JobRecord['cut'] {
  if (end === null) return job.cut;
  return end === 'budget' || end === 'deadline' ? end : null;
}

interface CallForm extends Pick<Place, 'isCounted'> {
  readonly unanswered: Pick<Row, 'status'>;
  /** What became of its rows where an answer about them is damaged. */
  readonly damaged: Pick<Row, 'status' | 'error'> | null;
  readonly kind: PlanShape['kind'];
  readonly cut: JobRecord['cut'];
}

function linesOf({ call, answer, targets, costBefore, readable }: LastCall, form: CallForm): Row[] {
  const { unanswered, damaged, kind, isCounted, cut } = form;
  return rowsByLine(targets).map(({ columns, position }) => {
    const { items = 0, cost = 0 } = targets[position]?.before ?? {};
    const isFirst = columns.duplicate_of === null;
    // A list's answer counts what came before it; that of a bulk call knows of no other call.
    const costOfRow = isFirst && (kind === 'bulk' || answer === null) ? cost : 0;
    const place = { position, targets: targets.length, isFirst, isCounted, costBefore, costOfRow };
    // Of a list that was cut off between two pages there is a part.
    const isPart = unanswered.status === 'skipped' && (answer !== null || items > 0);
    const earlier = { ...unanswered, items, cost_usd: usdOf(paidFor(place, 0)), ...(isPart && { truncated: cut }) };
    const known = { ...earlier, ...(answer !== null && outcomeOf(answer, place)), call };
    if (damaged === null) return rowLine(columns, known);
    const left = items + readable;
    return rowLine(columns, { ...known, ...damaged, items: left, truncated: left > 0 ? 'error' : null });
  });
}

interface Place {
  /** Whether `total_count` counts the items of the job's endpoint. */
  readonly isCounted: boolean;
  /** What the calls cost that were split before this one was made: its rows' share of it. */
  readonly costBefore: Nanos;
  /** What the row cost in the runs before, where the answer does not count it. */
  readonly costOfRow: Nanos;
  readonly position: number;
  readonly targets: number;
  /** The row that bought the target; the others paid nothing. */
  readonly isFirst: boolean;
}

function outcomeOf(answer: Answer, place: Place): Partial<Row> {
  const { outcome, answeredAt, cost } = answer.header;
  const paid = {
    fetched_at: isoTime(answeredAt),
    cost_usd: usdOf(paidFor(place, 'costSoFar' in outcome ? outcome.costSoFar : cost)),
  };
  switch (outcome.kind) {
    case 'bulk':
      return { ...paid, ...bulkOutcome(outcome.items[place.position] ?? MISSING_TARGET, answer) };
    case 'failed': {
      const { itemsSoFar: items } = outcome;
      return {
        ...paid,
        items,
        truncated: items > 0 ? 'error' : null,
        status: 'failed',
        error: errorOf(outcome.code, answer),
      };
    }
    case 'split':
    case 'deferred':
      return {};
    case 'list': {
      const counted = { ...paid, items: outcome.itemsSoFar, total_count: outcome.totalCount };
      if (outcome.status === null) return counted;
      return { ...counted, status: outcome.status, truncated: truncatedOf(outcome, place), error: null };
    }
  }
}

type ListOutcome = Extract<Answer['header']['outcome'], { kind: 'list' }>;

/** A list that ended early, though the upstream itself counts more. */
function truncatedOf({ truncated, totalCount, itemsSoFar }: ListOutcome, { isCounted }: Place): Row['truncated'] {
  if (truncated !== null) return truncated;
  return isCounted && totalCount !== null && totalCount > itemsSoFar ? 'upstream' : null;
}

function bulkOutcome(at: number, answer: Answer): Pick<Row, 'status' | 'items' | 'error'> {
  if (at === MISSING_TARGET) return { status: 'failed', items: 0, error: errorOf('missing_in_answer', answer) };
  return at === EMPTY_TARGET ? { status: 'empty', items: 0, error: null } : { status: 'ok', items: 1, error: null };
}

/** The row's share of a call's cost and of those before it: the shares add up to the cost. */
function paidFor({ position, targets, isFirst, costBefore, costOfRow }: Place, cost: Nanos): Nanos {
  if (!isFirst) return 0;
  return costOfRow + shareOf(costBefore + cost, { from: position, to: position + 1, of: targets });
}
