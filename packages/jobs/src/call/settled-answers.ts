import type { Nanos } from '@linkhaul/schemas';
import {
  type Answer,
  type AnswerHeader,
  type Backend,
  costUpTo,
  EMPTY_TARGET,
  failureOf,
  type JobRef,
  MISSING_TARGET,
  type PlannedTarget,
  type PlanShape,
  readDamagedHeader,
  readSettledAnswer,
  rootOf,
  runOf,
  takenUp,
} from '@linkhaul/storage';
import type { Queues } from '../redis/queues.js';
import type { SettledCalls } from './call-reader.js';
import type { Damage, Ledger } from './ledger.js';
import type { Attempt } from './settlement.js';

/** The answers of a job's settled calls, as far as they can be read now. */
export interface SettledAnswers {
  /** Null if its stored bytes are broken. By then its rows have failed. */
  of(call: number): Promise<Answer | null>;
  isDamaged(call: number): boolean;
  /** The cost of a damaged call and of the pages before it, from its header. Null if the header does not say. */
  costOfDamaged(call: number): Promise<Nanos | null>;
  /** Whether a later call decides the failed and skipped rows of this one or, if this one is damaged, all its rows. */
  isRetried(call: number): boolean;
  /** The targets of a call; of a damaged one, only those that no later run took up. */
  targetsOf(call: number): Promise<readonly PlannedTarget[]>;
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

export function settledAnswers(source: JobToRead, services: Services): SettledAnswers {
  const { job, plan, settled } = source;
  const foundDamaged = new Set<number>();
  const isDamaged = (call: number) => settled.isDamaged(call) || foundDamaged.has(call);
  const isPartly = (call: number) =>
    settled.isPartlyRetried(call) || (plan.kind === 'bulk' && foundDamaged.has(call) && settled.isRetried(call));
  const targetsLeft = (call: number) => targetsLeftOf(call, source, services.storage);
  return {
    isDamaged,
    async costOfDamaged(call) {
      const header = await readDamagedHeader(services.storage, job, { call, attempt: settled.attempt(call) });
      return header === null || header.unpriced ? null : costUpTo(header);
    },
    isRetried: (call) => settled.isRetried(call) && !isPartly(call),
    targetsOf: (call) => (isPartly(call) ? targetsLeft(call) : source.targetsOf(call)),
    async of(call) {
      // Failed rows stay failed even if the file comes back: otherwise rows and counts would differ.
      if (isDamaged(call)) return null;
      const at = { job, call, attempt: settled.attempt(call) };
      const found = await readSettledAnswer(services.storage, job, at);
      if (found.kind === 'there') return found.answer;
      const targets = await source.targetsOf(call);
      const left = plan.kind === 'bulk' && settled.isRetried(call) ? await targetsLeft(call) : targets;
      await recordDamage(at, { plan, targets, left, header: found.header }, services);
      foundDamaged.add(call);
      for (const later of await laterRoots(call, source, services.storage)) {
        const behind = { plan, targets, left: targets, header: null, isLater: true };
        await recordDamage({ job, call: later, attempt: settled.attempt(later) }, behind, services);
        foundDamaged.add(later);
      }
      return null;
    },
  };
}

async function targetsLeftOf(
  call: number,
  { job, plan, targetsOf }: JobToRead,
  storage: Backend,
): Promise<readonly PlannedTarget[]> {
  const targets = await targetsOf(call);
  const lines = new Set(targets.map(({ rows: [first] }) => first.line));
  const taken = await takenUp(storage, job, { plan, call, lines });
  return targets
    .map((target, at) => ({ ...target, place: { at, of: targets.length } }))
    .filter(({ rows: [first] }) => !taken.has(first.line));
}

/** The calls of later runs that go on with the list of a row. The row needs the pages of all runs. */
async function laterRoots(
  call: number,
  { job, plan, settled, targetsOf }: JobToRead,
  storage: Backend,
): Promise<readonly number[]> {
  if (plan.kind === 'bulk') return [];
  const step = runOf(call, plan).roots;
  let last = call;
  while (settled.isSettled(last + step)) last += step;
  if (!settled.isRetried(last) && !settled.isRetried(last + step)) return [];
  const line = (await targetsOf(call))[0]?.rows[0].line ?? 0;
  return (await takenUp(storage, job, { plan, call, lines: new Set([line]) })).get(line) ?? [];
}

interface DamagedCall {
  readonly plan: PlanShape;
  readonly targets: readonly PlannedTarget[];
  /** The targets that no later run took up; all of them unless set. */
  readonly left?: readonly PlannedTarget[];
  readonly header: AnswerHeader | null;
  readonly isLater?: boolean;
}

/**
 * Fails the rows of a settled call whose stored answer is broken. Every reader that meets such an answer calls it;
 * repeating it changes nothing.
 */
export async function recordDamage(
  at: Attempt,
  damaged: DamagedCall,
  { ledger, queues }: Omit<Services, 'storage'>,
): Promise<void> {
  const { last } = await ledger.damaged(at, damageOf(at.call, damaged));
  if (last) await queues.add('finish', at.job);
}

function damageOf(call: number, { plan, targets, left = targets, header, isLater = false }: DamagedCall): Damage {
  const { outcome } = header ?? {};
  return {
    kind: plan.kind,
    rows: rowsIn(left),
    isLater,
    root: rootOf(call, plan),
    step: runOf(call, plan).roots,
    failedCode: outcome === undefined ? null : (failureOf(outcome)?.code ?? null),
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
