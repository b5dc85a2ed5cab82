import { type JobRecord, refOf, type SettledAnswers, type SettledCalls, settledAnswers } from '@linkhaul/jobs';
import { endpointOf, isPaged, type Nanos, type Row } from '@linkhaul/schemas';
import {
  failedByDamage,
  type LastCall,
  lastCalls,
  type PlannedRun,
  type PlanShape,
  paidForDamaged,
  type RunEnd,
  runOf,
  runsOf,
} from '@linkhaul/storage';
import type { Batches, Reading, RowForms } from './batch.js';
import { type Cursor, CursorRefused, FIRST_CALL } from './cursor.js';
import {
  damagedOutcome,
  invalidColumns,
  invalidOutcome,
  openOutcome,
  rowLine,
  rowsByLine,
  validColumns,
} from './lines.js';
import { planReader } from './plan.js';
import { outcomeOf, type Place, paidFor } from './row-outcome.js';
import { walkInvalid, walkUnplanned } from './walk-rows.js';

/** The lines of a job's rows that have no call. */
export function formsOf(job: JobRecord): RowForms<Row> {
  return {
    invalid: (row) => rowLine(invalidColumns(row), invalidOutcome(row)),
    unplanned: (row) => rowLine(validColumns(row), openOutcome(job, false)),
  };
}

/** One line for each input row: invalid rows first, then by call, then by line. Open rows are `pending`. */
export async function* readRowStates(job: JobRecord, from: Cursor, reading: Reading): Batches<Row> {
  const rows = { from, forms: formsOf(job), storage: reading.storage };
  yield* walkInvalid(job, rows);
  if (job.plan === null) {
    yield* walkUnplanned(job, rows);
    return { next: null };
  }
  if (from.phase === 'unplanned') throw new CursorRefused('planned');
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
      // The rest of the plan is not stored yet: the listing goes on here later.
      if (root > (job.storedRoots ?? root)) return { next: { ...FIRST_CALL, next: root } };
      const before = { ...FIRST_CALL, next: root, skip: root === from.next ? from.skip : 0 };
      yield { lines: await rowsOf(root), before };
    }
  }
  return { next: null };
}

/** Reads the rows that a root call and its followers decide, by line. All reads see the ledger at one moment. */
export async function rowsOfRoots(
  job: JobRecord,
  plan: PlanShape,
  reading: Reading,
): Promise<(root: number) => Promise<Row[]>> {
  const ref = refOf(job.description);
  const settled = await reading.calls.settled(ref, plan.later);
  const answers = settledAnswers({ job: ref, plan, settled, targetsOf: planReader(job, plan, reading) }, reading);
  const { of: answerOf, targetsOf, costOfDamaged } = answers;
  const calls = { plan, settled, answerOf, targetsOf, costOfDamaged };
  return async (root) => {
    const run = runOf(root, plan);
    const known = { run, plan, settled, answers };
    const lines: Row[] = [];
    for (const last of await lastCalls(root, calls)) lines.push(...(await rowsOfCall(job, last, known)));
    return lines.sort((a, b) => a.line - b.line);
  };
}

interface Known {
  readonly plan: PlanShape;
  readonly run: PlannedRun;
  readonly settled: SettledCalls;
  readonly answers: SettledAnswers;
}

async function rowsOfCall(job: JobRecord, last: LastCall, known: Known): Promise<Row[]> {
  const { plan, run, settled, answers } = known;
  const { end } = run;
  const endpoint = endpointOf(job.description.endpoint);
  const all = linesOf(last, {
    kind: plan.kind,
    isCounted: isPaged(endpoint) && endpoint.totalCountsItems,
    cut: cutOf(job, end),
    unanswered: openOutcome(job, settled.isLive(last.open), end),
    damaged: failedByDamage(last) ? await damageOf(last, known) : null,
  });
  return answers.isRetried(last.open) ? all.filter(isDecided) : all;
}

interface Damaged {
  readonly outcome: Pick<Row, 'status' | 'error'>;
  /** Null if nobody knows. */
  readonly cost: Nanos | null;
}

async function damageOf(last: LastCall, { settled, answers }: Known): Promise<Damaged> {
  return { outcome: damagedOutcome(settled.attempt(last.call)), cost: await paidForDamaged(last, answers) };
}

/** Whether a later run leaves the row alone. Rows that it takes up are shown by its own calls. */
function isDecided({ status }: Row): boolean {
  return status !== 'failed' && status !== 'skipped';
}

/** Whether the budget or the deadline ended the run, so that its open rows were skipped. Null if neither did. */
function cutOf(job: JobRecord, end: RunEnd | null): JobRecord['cut'] {
  if (end === null) return job.cut;
  return end === 'budget' || end === 'deadline' ? end : null;
}

interface CallForm extends Pick<Place, 'isCounted'> {
  readonly unanswered: Pick<Row, 'status'>;
  /** The outcome of the rows if an answer about them is damaged. */
  readonly damaged: Damaged | null;
  readonly kind: PlanShape['kind'];
  readonly cut: JobRecord['cut'];
}

function linesOf({ call, answer, targets, costBefore, readable }: LastCall, form: CallForm): Row[] {
  const { unanswered, damaged, kind, isCounted, cut } = form;
  return rowsByLine(targets).map(({ columns, position }) => {
    const { items = 0, cost = 0 } = targets[position]?.before ?? {};
    const isFirst = columns.duplicate_of === null;
    // The answer of a list includes the cost of earlier calls; that of a bulk call does not.
    const costOfRow = isFirst && (kind === 'bulk' || answer === null) ? cost : 0;
    const place = { position, targets, isFirst, isCounted, costBefore, costOfRow };
    // A list that was cut off between two pages has some of its items.
    const isPart = unanswered.status === 'skipped' && (answer !== null || items > 0);
    const earlier = { ...unanswered, items, cost_usd: paidFor(place, 0), ...(isPart && { truncated: cut }) };
    const known = { ...earlier, ...(answer !== null && outcomeOf(answer, place)), call };
    if (damaged === null) return rowLine(columns, known);
    const cost_usd = paidFor({ ...place, costOfRow: kind === 'bulk' ? costOfRow : 0 }, damaged.cost);
    const left = items + readable;
    const truncated = left > 0 ? ('error' as const) : null;
    return rowLine(columns, { ...known, ...damaged.outcome, cost_usd, items: left, truncated });
  });
}
