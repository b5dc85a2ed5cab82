import { setImmediate as nextTurn } from 'node:timers/promises';
import { codesOf, type RetryChoice, type SettledAnswers, type SettledCalls, settledAnswers } from '@linkhaul/jobs';
import { type RetryCode, SKIPPED_CODES } from '@linkhaul/schemas';
import {
  type Answer,
  callBefore,
  type EarlierRuns,
  failedByDamage,
  type JobRef,
  type LastCall,
  lastCalls,
  MISSING_TARGET,
  type PlannedRun,
  type PlannedTarget,
  type PlanShape,
  readAnswer,
  runOf,
  runsOf,
  shareOf,
  soFarOf,
} from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';
import { answerSince } from '../settle/late-answer.js';
import { createBits } from './bitmap.js';
import { type ReadAgain, readAgain } from './reread-answer.js';

const ROOTS_A_TURN = 10_000;

interface Choosing {
  readonly job: JobRef;
  readonly planned: PlannedJob;
  readonly settled: SettledCalls;
  readonly choice: RetryChoice;
  /** No call above this number has an answer that was stored before the call was planned. */
  readonly keptTo: number;
}

type ChoosingServices = Pick<Services, 'storage' | 'source' | 'ledger' | 'queues'>;

/** A call whose kept answer is understood by now: its rows need not be bought again. */
export interface UnderstoodCall extends ReadAgain {
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

interface ChosenRows {
  /** To be asked again, with what they have already. */
  readonly targets: readonly PlannedTarget[];
  readonly understood: readonly UnderstoodCall[];
  /** How many have which code now; duplicates count. */
  readonly rows: ReadonlyMap<RetryCode, number>;
  /** The calls that have decided them: a bit each, as Redis counts them. */
  readonly retried: Buffer;
}

/**
 * The rows of a job at rest that a retry takes up. All that failed in a call failed alike, and so did all that were
 * skipped with it: a call's rows are chosen together or not at all. A row that a later run took up already is judged there.
 */
export async function chooseRows(at: Choosing, services: ChoosingServices): Promise<ChosenRows> {
  const { job, planned, settled, choice } = at;
  const { plan } = planned;
  const chosen = createChosenRows();
  const wanted = new Set(codesOf(choice));
  const targetsOf = (call: number) => services.source.targets(job, plan, call);
  const answers = settledAnswers({ job, plan, settled, targetsOf }, services);
  const holes = createHoles(plan);
  for (const run of runsOf(plan)) {
    for await (const decided of undecided(run, at, answers)) {
      const { last, calls } = holes.take(decided, answers.isRetried(decided.open));
      const found = outcomeOf(last, { run, plan });
      if (found === null || answers.isRetried(last.open) || !wanted.has(found.code)) continue;
      const understood = await understand({ found, last }, at, services);
      // What is behind damage is asked again with it.
      if (understood !== null || mayBuy(found, choice)) chosen.take(found, [last.open, ...calls], understood);
    }
  }
  return chosen.rows();
}

function mayBuy({ code }: Found, { buy }: RetryChoice): boolean {
  return code !== 'answer_unreadable' || buy;
}

function createChosenRows() {
  const targets: PlannedTarget[] = [];
  const understood: UnderstoodCall[] = [];
  const rows = new Map<RetryCode, number>();
  const retried = createBits();
  return {
    take(found: Found, decidedBy: readonly number[], call: UnderstoodCall | null): void {
      if (call === null) targets.push(...found.targets);
      else understood.push(call);
      for (const one of decidedBy) retried.set(one);
      for (const target of found.targets) rows.set(found.code, (rows.get(found.code) ?? 0) + target.rows.length);
    },
    rows: (): ChosenRows => ({ targets, understood, rows, retried: retried.bytes() }),
  };
}

interface FailedCall {
  readonly found: Found;
  readonly last: LastCall;
}

/** Null where the call has no kept answer, or one that still is not understood. */
async function understand(
  failed: FailedCall,
  at: Choosing,
  services: ChoosingServices,
): Promise<UnderstoodCall | null> {
  const { job, planned } = at;
  const {
    found: { code, targets },
    last,
  } = failed;
  if (code in SKIPPED_CODES) return understoodBefore(failed, at, services);
  const answer = await keptAnswer(code, { job, last }, services);
  if (answer === null) return null;
  const again = await readAgain({ job, planned, answer, targets });
  return again === null ? null : { ...again, answer, targets };
}

/** A kept answer that the run before took up, and that run ended before it was settled. */
async function understoodBefore(
  { found: { targets }, last: { open: call } }: FailedCall,
  { job, planned: { plan }, keptTo }: Choosing,
  { storage }: ChoosingServices,
): Promise<UnderstoodCall | null> {
  // Such an answer is that of a root of a later run: only for these is storage asked.
  if (call > keptTo || runOf(call, plan).run === 1 || callBefore(call, plan) !== null) return null;
  const found = await readAnswer(storage, job, { call, attempt: 1 });
  if (found.kind !== 'there') return null;
  const { outcome, statusCode, task = 0 } = found.answer.header;
  const decides = outcome.kind === 'bulk' || (outcome.kind === 'list' && outcome.status !== null);
  return decides ? { answer: found.answer, outcome, statusCode, task, targets } : null;
}

/** What may say by now what was paid for: an answer that was not understood, or one that came when its call was given up. */
async function keptAnswer(
  code: RetryCode,
  { job, last }: { readonly job: JobRef; readonly last: LastCall },
  services: ChoosingServices,
): Promise<Answer | null> {
  // With what is missing before it, it would not make the row whole.
  if (last.damage !== null) return null;
  if (code === 'answer_unreadable') return last.answer;
  if (last.answer?.header.givenUp === undefined) return null;
  return answerSince({ job, ...last.answer.header }, services);
}

interface Holes {
  /** The same call, with the first damage to its row in any run, and the damaged calls that a retry of it replaces. */
  take(last: LastCall, isTakenUp: boolean): { last: LastCall; calls: readonly number[] };
}

/** Pages of lists that broke when later runs had gone on behind them: such a row goes on at the first of them. */
function createHoles({ kind }: PlanShape): Holes {
  const holes = new Map<number, { first: NonNullable<LastCall['damage']>; calls: number[] }>();
  return {
    take(last, isTakenUp) {
      const { damage, targets } = last;
      if (damage === null) return { last, calls: [] };
      const line = targets[0]?.rows[0].line;
      if (kind === 'bulk' || line === undefined) return { last, calls: [damage.call] };
      const hole = holes.get(line) ?? { first: damage, calls: [] };
      hole.calls.push(damage.call);
      if (isTakenUp) holes.set(line, hole);
      const isBehind = hole.first.before.items < (targets[0]?.before?.items ?? 0);
      return isBehind ? { last: { ...last, damage: hole.first }, calls: hole.calls } : { last, calls: [damage.call] };
    },
  };
}

/** The calls of a run that rows may wait for in vain. */
async function* undecided(
  { base, roots, end }: PlannedRun,
  { planned: { plan }, settled }: Choosing,
  answers: SettledAnswers,
): AsyncGenerator<LastCall> {
  const calls = { plan, settled, targetsOf: answers.targetsOf, answerOf: answers.of };
  for (let root = base + 1; root <= base + roots; root++) {
    if ((root - base) % ROOTS_A_TURN === 0) await nextTurn();
    // The bits alone say so: no answer of a list that came to its end need be read.
    if (plan.kind === 'list' && end === 'done' && !hasBadPage(root, roots, { settled, answers })) continue;
    yield* await lastCalls(root, calls);
  }
}

function hasBadPage(
  root: number,
  roots: number,
  { settled, answers }: { settled: SettledCalls; answers: SettledAnswers },
): boolean {
  const isBad = (call: number) => settled.isFailed(call) || answers.isDamaged(call);
  let call = root;
  while (settled.isSettled(call) && !isBad(call)) call += roots;
  return isBad(call);
}

interface Found {
  readonly code: RetryCode;
  readonly targets: readonly PlannedTarget[];
}

/** What became of those rows of a call that have no answer; null where all have one. */
function outcomeOf(
  last: LastCall,
  { run: { end }, plan: { kind } }: { run: PlannedRun; plan: PlanShape },
): Found | null {
  const { call, open, answer } = last;
  const outcome = answer?.header.outcome;
  if (failedByDamage(last)) return { code: 'answer_damaged', targets: withEarlier(last, listSoFar(last, kind), 0) };
  if (answer === null || outcome === undefined || call !== open) {
    if (end === null || end === 'done') return null;
    return { code: end, targets: withEarlier(last, listSoFar(last, kind), 0) };
  }
  const { cost } = answer.header;
  if (outcome.kind === 'failed') {
    return { code: outcome.code, targets: withEarlier(last, listSoFar(last, kind), cost) };
  }
  if (outcome.kind !== 'bulk') return null;
  const missing = withEarlier(last, null, cost).filter(
    (_, at) => (outcome.items[at] ?? MISSING_TARGET) === MISSING_TARGET,
  );
  return missing.length === 0 ? null : { code: 'missing_in_answer', targets: missing };
}

/** What the row of a list has: the items up to the first damaged page, where it goes on. Null where no page says so. */
function listSoFar({ answer, damage }: LastCall, kind: PlanShape['kind']): EarlierRuns | null {
  const outcome = answer?.header.outcome;
  const known = outcome !== undefined && 'itemsSoFar' in outcome ? soFarOf(outcome) : null;
  if (kind === 'bulk' || damage === null) return kind === 'bulk' ? null : known;
  return { ...damage.before, cost: Math.max(known?.cost ?? 0, damage.before.cost) };
}

/** Targets with what they have: a list from its pages, others their share of what their calls cost. */
function withEarlier({ targets, costBefore }: LastCall, list: EarlierRuns | null, cost: number): PlannedTarget[] {
  return targets.map((target, at) => {
    const own = shareOf(costBefore + cost, { from: at, to: at + 1, of: targets.length });
    const { items = 0, cost: paid = 0 } = target.before ?? {};
    const before = list ?? { ...target.before, items, cost: paid + own };
    return before.items === 0 && before.cost === 0 ? target : { ...target, before };
  });
}
