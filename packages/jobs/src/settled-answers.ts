import {
  type Answer,
  type AnswerHeader,
  type Backend,
  EMPTY_TARGET,
  type JobRef,
  MISSING_TARGET,
  type PlannedTarget,
  type PlanShape,
  readSettledAnswer,
  rootOf,
  runOf,
} from '@linkhaul/storage';
import type { SettledCalls } from './calls.js';
import type { Attempt, Damage, Ledger } from './ledger.js';
import type { Queues } from './queues.js';

/** The answers of a job's settled calls, as they can be read now. */
export interface SettledAnswers {
  /** Null where its stored bytes are broken: by then its rows have failed. */
  of(call: number): Promise<Answer | null>;
  isDamaged(call: number): boolean;
}

interface JobToRead {
  readonly job: JobRef;
  readonly plan: PlanShape;
  readonly settled: SettledCalls;
  targetsOf(call: number): Promise<readonly PlannedTarget[]>;
}

interface Services {
  readonly storage: Backend;
  readonly ledger: Pick<Ledger, 'damaged'>;
  readonly queues: Pick<Queues, 'add'>;
}

export function settledAnswers({ job, plan, settled, targetsOf }: JobToRead, services: Services): SettledAnswers {
  const met = new Set<number>();
  const isDamaged = (call: number) => settled.isDamaged(call) || met.has(call);
  return {
    isDamaged,
    async of(call) {
      // Once its rows have failed they stay so: a file that comes back would make rows and counts differ.
      if (isDamaged(call)) return null;
      const at = { job, call, attempt: settled.attempt(call) };
      const found = await readSettledAnswer(services.storage, job, at);
      if (found.kind === 'there') return found.answer;
      await recordDamage(at, { plan, targets: await targetsOf(call), header: found.header }, services);
      met.add(call);
      return null;
    },
  };
}

interface DamagedCall {
  readonly plan: PlanShape;
  readonly targets: readonly PlannedTarget[];
  readonly header: AnswerHeader | null;
}

/** Fails the rows of a settled call whose stored answer is broken. It can be repeated, by anybody who meets the answer. */
export async function recordDamage(
  at: Attempt,
  damaged: DamagedCall,
  { ledger, queues }: Omit<Services, 'storage'>,
): Promise<void> {
  const { last } = await ledger.damaged(at, damageOf(at.call, damaged));
  if (last) await queues.add('finish', at.job);
}

function damageOf(call: number, { plan, targets, header }: DamagedCall): Damage {
  const { outcome } = header ?? {};
  return {
    kind: plan.kind,
    rows: rowsIn(targets),
    root: rootOf(call, plan),
    step: runOf(call, plan).roots,
    failedCode: outcome?.kind === 'failed' ? outcome.code : null,
    counts:
      outcome?.kind === 'bulk'
        ? {
            empty: rowsIn(targets.filter((_, at) => outcome.items[at] === EMPTY_TARGET)),
            failed: rowsIn(targets.filter((_, at) => (outcome.items[at] ?? MISSING_TARGET) === MISSING_TARGET)),
          }
        : null,
  };
}

function rowsIn(targets: readonly PlannedTarget[]): number {
  return targets.reduce((rows, target) => rows + target.rows.length, 0);
}
