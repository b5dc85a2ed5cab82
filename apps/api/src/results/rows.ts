import { isoTime, type JobRecord, refOf } from '@linkhaul/jobs';
import { endpointOf, type Nanos, type Row, usdOf } from '@linkhaul/schemas';
import { type Answer, EMPTY_TARGET, MISSING_TARGET, type PlanShape } from '@linkhaul/storage';
import type { Batches, Reading, RowForms } from './batch.js';
import { type Cursor, FIRST_CALL, plannedMeanwhile } from './cursor.js';
import { type LastCall, lastCalls } from './last-calls.js';
import { errorOf, invalidColumns, invalidOutcome, openOutcome, rowLine, rowsByLine, validColumns } from './lines.js';
import { answerReader, planReader } from './plan.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

/** One line an input row with its outcome: invalid rows first, then by call, then by line; open rows are `pending`. */
export async function* readRowStates(job: JobRecord, from: Cursor, reading: Reading): Batches<Row> {
  const forms: RowForms<Row> = {
    invalid: (row) => rowLine(invalidColumns(row), invalidOutcome(row)),
    unplanned: (row) => rowLine(validColumns(row), openOutcome(job, false)),
  };
  const rows = { from, forms, storage: reading.storage };
  yield* walkInvalid(job, rows);
  if (job.plan === null) {
    yield* walkUnplanned(job, rows);
    return { next: null };
  }
  if (from.phase === 'unplanned') throw plannedMeanwhile();
  yield* plannedRows(job, { plan: job.plan, from: from.phase === 'calls' ? from : FIRST_CALL, reading });
  return { next: null };
}

interface PlannedOptions {
  readonly plan: PlanShape;
  readonly from: Cursor;
  readonly reading: Reading;
}

async function* plannedRows(job: JobRecord, { plan, from, reading }: PlannedOptions): Batches<Row> {
  const settled = await reading.calls.settled(refOf(job.description));
  const endpoint = endpointOf(job.description.endpoint);
  const isCounted = endpoint.kind === 'list' && endpoint.totalCountsItems;
  const answerOf = answerReader(job, settled, reading);
  const targetsOf = planReader(job, plan, reading);
  for (let root = Math.max(from.next, 1); root <= plan.roots; root++) {
    const lines: Row[] = [];
    for (const last of await lastCalls(root, { plan, settled, answerOf, targetsOf })) {
      lines.push(
        ...linesOf(last, { unanswered: openOutcome(job, settled.isLive(last.open)), isCounted, cut: job.cut }),
      );
    }
    lines.sort((a, b) => a.line - b.line);
    yield { lines, before: { ...FIRST_CALL, next: root, skip: root === from.next ? from.skip : 0 } };
  }
  return { next: null };
}

interface CallForm extends Pick<Place, 'isCounted'> {
  readonly unanswered: Pick<Row, 'status'>;
  /** Why the job's open rows were skipped, where its money or time was over. */
  readonly cut: JobRecord['cut'];
}

function linesOf({ call, answer, targets, costBefore }: LastCall, { unanswered, isCounted, cut }: CallForm): Row[] {
  // Of a list that was cut off between two pages there is a part.
  const open = answer !== null && unanswered.status === 'skipped' ? { ...unanswered, truncated: cut } : unanswered;
  return rowsByLine(targets).map(({ columns, position }) => {
    const place = { position, targets: targets.length, isFirst: columns.duplicate_of === null, costBefore, isCounted };
    return rowLine(columns, { ...open, ...(answer !== null && outcomeOf(answer, place)), call });
  });
}

interface Place {
  /** Whether `total_count` counts the items of the job's endpoint. */
  readonly isCounted: boolean;
  /** What the calls cost that were split before this one was made: its rows' share of it. */
  readonly costBefore: Nanos;
  readonly position: number;
  readonly targets: number;
  /** The row that bought the target; the others paid nothing. */
  readonly isFirst: boolean;
}

function outcomeOf(answer: Answer, place: Place): Partial<Row> {
  const { outcome, answeredAt, cost } = answer.header;
  const paid = {
    fetched_at: isoTime(answeredAt),
    cost_usd: shareOf(place.costBefore + ('costSoFar' in outcome ? outcome.costSoFar : cost), place),
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

/** A call's cost over its targets, to the last nano-dollar: the shares add up to the cost. */
function shareOf(cost: Nanos, { position, targets, isFirst }: Place): number {
  if (!isFirst) return 0;
  return usdOf(Math.floor((cost * (position + 1)) / targets) - Math.floor((cost * position) / targets));
}
