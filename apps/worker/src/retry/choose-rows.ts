import { setImmediate as nextTurn } from 'node:timers/promises';
import { codesOf, type RetryChoice, type SettledAnswers, type SettledCalls, settledAnswers } from '@linkhaul/jobs';
import type { RetryCode } from '@linkhaul/schemas';
import {
  type LastCall,
  lastCalls,
  type PlannedRun,
  type PlannedTarget,
  paidForDamaged,
  runsOf,
} from '@linkhaul/storage';
import { createBitmap } from './bitmap.js';
import { createDamagedPages } from './damaged-pages.js';
import { type RowsWithoutAnswer, rowsWithoutAnswer } from './rows-without-answer.js';
import { type RetriedJob, type RetryServices, type UnderstoodCall, understandAnswer } from './understand-answer.js';

const ROOTS_A_TURN = 10_000;

interface ChosenRows {
  /** The targets to ask for again, with what their rows already have. */
  readonly targets: readonly PlannedTarget[];
  readonly understood: readonly UnderstoodCall[];
  /** The number of rows, duplicates included, by their present code. */
  readonly rows: ReadonlyMap<RetryCode, number>;
  /** The calls whose rows are retried, as a bitmap in Redis' bit order. */
  readonly retried: Buffer;
}

/**
 * Chooses the rows of a finished job that a retry runs again. All failed rows of a call have the same code, and so have all its
 * skipped rows, so they are chosen together or not at all. A row is judged in the last run that asked it.
 */
export async function chooseRows(retried: RetriedJob, services: RetryServices): Promise<ChosenRows> {
  const { job, planned, settled, choice } = retried;
  const { plan } = planned;
  const chosen = createChosenRows();
  const wanted = new Set(codesOf(choice));
  const targetsOf = (call: number) => services.source.targets(job, plan, call);
  const answers = settledAnswers({ job, plan, settled, targetsOf }, services);
  const damagedPages = createDamagedPages(plan);
  const known = { plan, paidForDamaged: async (last: LastCall) => (await paidForDamaged(last, answers)) ?? 0 };
  for (const run of runsOf(plan)) {
    for await (const undecided of undecidedCalls(run, retried, answers)) {
      const { last, calls } = damagedPages.take(undecided, answers.isRetried(undecided.open));
      const rows = await rowsWithoutAnswer(last, { ...known, run });
      if (rows === null || answers.isRetried(last.open) || !wanted.has(rows.code)) continue;
      const understood = await understandAnswer(rows, last, retried, services);
      // Calls after a damaged page are asked again together with that page.
      if (understood !== null || mayBuy(rows, choice)) chosen.take(rows, [last.open, ...calls], understood);
    }
  }
  return chosen.rows();
}

function mayBuy({ code }: RowsWithoutAnswer, { buy }: RetryChoice): boolean {
  return code !== 'answer_unreadable' || buy;
}

function createChosenRows() {
  const targets: PlannedTarget[] = [];
  const understood: UnderstoodCall[] = [];
  const rows = new Map<RetryCode, number>();
  const retried = createBitmap();
  return {
    take(taken: RowsWithoutAnswer, decidedBy: readonly number[], call: UnderstoodCall | null): void {
      if (call === null) targets.push(...taken.targets);
      else understood.push(call);
      for (const one of decidedBy) retried.set(one);
      for (const target of taken.targets) rows.set(taken.code, (rows.get(taken.code) ?? 0) + target.rows.length);
    },
    rows: (): ChosenRows => ({ targets, understood, rows, retried: retried.bytes() }),
  };
}

/** The calls of a run that may have rows without an answer. */
async function* undecidedCalls(
  { base, roots, end }: PlannedRun,
  { planned: { plan }, settled }: RetriedJob,
  answers: SettledAnswers,
): AsyncGenerator<LastCall> {
  const { of: answerOf, targetsOf, costOfDamaged } = answers;
  const calls = { plan, settled, answerOf, targetsOf, costOfDamaged };
  for (let root = base + 1; root <= base + roots; root++) {
    if ((root - base) % ROOTS_A_TURN === 0) await nextTurn();
    // The bitmaps alone show that a list is complete, so none of its answers has to be read.
    if (plan.kind === 'list' && end === 'done' && !hasBadPage(root, roots, settled, answers)) continue;
    yield* await lastCalls(root, calls);
  }
}

function hasBadPage(root: number, roots: number, settled: SettledCalls, answers: SettledAnswers): boolean {
  const isBad = (call: number) => settled.isFailed(call) || answers.isDamaged(call);
  let call = root;
  while (settled.isSettled(call) && !isBad(call)) call += roots;
  return isBad(call);
}
