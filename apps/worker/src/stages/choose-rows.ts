import { setImmediate as nextTurn } from 'node:timers/promises';
import { codesOf, type RetryChoice, type SettledCalls } from '@linkhaul/jobs';
import type { Nanos, RetryCode } from '@linkhaul/schemas';
import {
  type EarlierRuns,
  type JobRef,
  type LastCall,
  lastCalls,
  MISSING_TARGET,
  MissingObject,
  type PlannedRun,
  type PlannedTarget,
  type PlanShape,
  paths,
  readSettledAnswer,
  runsOf,
  shareOf,
} from '@linkhaul/storage';
import type { Services } from '../services.js';
import { createBits } from './bits.js';

const ROOTS_A_TURN = 10_000;

interface Choosing {
  readonly job: JobRef;
  readonly plan: PlanShape;
  readonly settled: SettledCalls;
  readonly choice: RetryChoice;
}

interface ChosenRows {
  /** To be asked again, with what they have already. */
  readonly targets: readonly PlannedTarget[];
  /** How many have which code now; duplicates count. */
  readonly rows: ReadonlyMap<RetryCode, number>;
  /** The calls that have decided them: a bit each, as Redis counts them. */
  readonly retried: Buffer;
}

/**
 * The rows of a job at rest that a retry takes up. All that failed in a call failed alike, and so did all that were
 * skipped with it: a call's rows are chosen together or not at all. A row that a later run took up already is judged there.
 */
export async function chooseRows(at: Choosing, services: Pick<Services, 'storage' | 'source'>): Promise<ChosenRows> {
  const targets: PlannedTarget[] = [];
  const rows = new Map<RetryCode, number>();
  const wanted = new Set(codesOf(at.choice));
  const retried = createBits();
  for (const run of runsOf(at.plan)) {
    for await (const last of undecided(run, at, services)) {
      const found = outcomeOf(last, { run, plan: at.plan });
      if (found === null || at.settled.isRetried(last.open) || !wanted.has(found.code)) continue;
      retried.set(last.open);
      for (const target of found.targets) {
        targets.push(target);
        rows.set(found.code, (rows.get(found.code) ?? 0) + target.rows.length);
      }
    }
  }
  return { targets, rows, retried: retried.bytes() };
}

/** The calls of a run that rows may wait for in vain. */
async function* undecided(
  { base, roots, end }: PlannedRun,
  { job, plan, settled }: Choosing,
  { storage, source }: Pick<Services, 'storage' | 'source'>,
): AsyncGenerator<LastCall> {
  const ledger = {
    plan,
    settled,
    targetsOf: (call: number) => source.targets(job, plan, call),
    async answerOf(call: number) {
      const attempt = settled.attempt(call);
      const found = await readSettledAnswer(storage, job, { call, attempt });
      if (found.kind === 'damaged') throw new MissingObject(paths.answer(job, call, attempt));
      return found.answer;
    },
  };
  for (let root = base + 1; root <= base + roots; root++) {
    if ((root - base) % ROOTS_A_TURN === 0) await nextTurn();
    // The bits alone say so: no answer of a list that came to its end need be read.
    if (plan.kind === 'list' && end === 'done' && !failedPage(root, roots, settled)) continue;
    yield* await lastCalls(root, ledger);
  }
}

function failedPage(root: number, roots: number, settled: SettledCalls): boolean {
  let call = root;
  while (settled.isSettled(call) && !settled.isFailed(call)) call += roots;
  return settled.isFailed(call);
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
  if (answer === null || outcome === undefined || call !== open) {
    if (end === null || end === 'done') return null;
    const soFar = outcome?.kind === 'list' ? soFarOf(outcome) : null;
    return { code: end, targets: withEarlier(last, soFar, 0) };
  }
  const { cost } = answer.header;
  if (outcome.kind === 'failed') {
    const soFar = kind === 'list' ? soFarOf(outcome) : null;
    return { code: outcome.code, targets: withEarlier(last, soFar, cost) };
  }
  if (outcome.kind !== 'bulk') return null;
  const missing = withEarlier(last, null, cost).filter(
    (_, at) => (outcome.items[at] ?? MISSING_TARGET) === MISSING_TARGET,
  );
  return missing.length === 0 ? null : { code: 'missing_in_answer', targets: missing };
}

function soFarOf(row: { itemsSoFar: number; costSoFar: Nanos; strays?: number }): EarlierRuns {
  return { items: row.itemsSoFar, cost: row.costSoFar, ...(row.strays && { strays: row.strays }) };
}

/** Targets with what they have: a list from its pages, others their share of what their calls cost. */
function withEarlier({ targets, costBefore }: LastCall, list: EarlierRuns | null, cost: number): PlannedTarget[] {
  return targets.map((target, at) => {
    const own = shareOf(costBefore + cost, { from: at, to: at + 1, of: targets.length });
    const before = list ?? { items: target.before?.items ?? 0, cost: (target.before?.cost ?? 0) + own };
    return before.items === 0 && before.cost === 0 ? target : { ...target, before };
  });
}
