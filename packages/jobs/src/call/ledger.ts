import { FAILED_CODES, type FailedCode, type Nanos, type PauseReason, type RetryCode } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { codesOf, type RetryChoice, rowsByCode } from '../job/retry-choice.js';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import {
  type Attempt,
  type CostId,
  type Early,
  idOf,
  type Settled,
  type Settlement,
  settleArguments,
  settleReply,
} from './settlement.js';

/** A settled call whose stored answer is broken: what is needed to tell which rows it had decided, and how. */
export interface Damage {
  readonly kind: 'bulk' | 'list';
  /** Its rows, but for those that a later run took up. */
  readonly rows: number;
  readonly root: number;
  /** The distance to the calls that may follow it. */
  readonly step: number;
  /** The code of its rows, where it failed and that is known. */
  readonly failedCode: FailedCode | null;
  /** How many rows are what by its header; null where that is broken too. */
  readonly counts: { readonly empty: number; readonly failed: number } | null;
  /** True where what is damaged is a page of its row in an earlier run. */
  readonly isLater: boolean;
}

/** How an attempt ended that decided nothing. Unsent attempts are counted apart: nothing of them ever ran. */
export interface Deferral {
  readonly cost: Nanos;
  readonly sentAt: number;
  readonly id?: CostId;
  readonly delayMs: number;
  readonly countsAs: 'failure' | 'unsent' | 'nothing';
}

/** How many calls may come of splitting one root call. */
interface SplitLimit {
  readonly root: number;
  readonly most: number;
}

export type JobAction = 'plan' | 'pause' | 'resume' | 'cancel';

interface Doubt {
  /** From the sending until the upstream's record surely shows the call. */
  readonly lookUpAfterMs: number;
  /** The worker that says so: another than the call's own says that this has died. */
  readonly by: string;
}

/** What became of an attempt that has no answer. */
interface Fate {
  readonly kind: 'lost' | 'not_executed' | 'blind';
  /** Null where nobody knows it. */
  readonly cost: Nanos | null;
  /** The upstream's id of the task, where its record shows it. */
  readonly taskId?: string | null;
}

/** A sending that was paid for, and whose answer decides nothing. */
interface WastedSending {
  readonly cost: Nanos;
  readonly sentAt: number;
  readonly id: CostId;
}

interface StoredPlan {
  readonly roots: number;
  readonly callsPerPart: number;
  /** Whether the job starts by hand. */
  readonly manual: boolean;
  /** Of the root calls, from the first on, so many are in storage; all where left out. */
  readonly stored?: number;
}

/**
 * What an attempt without an answer counts as: a failure, which cost nothing; a loss of what was paid for; or the death of
 * a worker, of which the call need not be the cause.
 */
export type LossCount = 'failures' | 'losses' | 'deaths';

interface Transition {
  readonly action: JobAction;
  readonly by: string;
  /** Why it pauses; where it resumes, only a job that is paused for this. */
  readonly reason?: PauseReason;
  /** A new budget of the job, set as it resumes. */
  readonly budget?: Nanos;
  /** The limit a day of tenants that have none of their own. */
  readonly tenantDaily?: Nanos | null;
  /** The least that a call costs: no new budget pays for less. */
  readonly leastCall?: Nanos;
}

export interface TransitionReply {
  /** `short`, `tenant_short`: its budget, or its tenant's, does not pay for its next call. */
  readonly result: 'done' | 'same' | 'refused' | 'gone' | 'short' | 'tenant_short';
  readonly status: string;
  /** Nothing is open any more: the job can be closed. */
  readonly last: boolean;
  /** What the budget must be at least, where it is short. */
  readonly least: Nanos;
}

interface Retry {
  readonly by: string;
  readonly choice: RetryChoice;
  /** A new budget of the job. */
  readonly budget?: Nanos;
  /** The least that a call costs: no new budget pays for less. */
  readonly leastCall?: Nanos;
}

export interface RetryReply {
  /**
   * `closing`: it is finished, and its end is being announced. `nothing`: no row is of the choice. `short`: its budget does
   * not pay for its next call.
   */
  readonly result: 'done' | 'refused' | 'closing' | 'nothing' | 'gone' | 'short';
  readonly status: string;
  /** What the budget must be at least, where it is short. */
  readonly least: Nanos;
  /** Where no row is of the choice: how many there are of each code. */
  readonly left: ReadonlyMap<RetryCode, number>;
}

interface FurtherPlan {
  readonly run: number;
  /** Its first call is the one after this number. */
  readonly base: number;
  readonly roots: number;
  readonly callsPerPart: number;
  /** How many rows it takes up, by the codes that they have. */
  readonly rows: ReadonlyMap<RetryCode, number>;
  /** The calls that decided those rows before, as a bitmap. */
  readonly retried: Buffer;
  /** True where storage has answers of its calls already: it is asked before each of them is sent. */
  readonly isStored: boolean;
}

/**
 * The record of every call. Each method is one atomic step that can be repeated; each that may leave nothing open says
 * so with `last`, when it is repeated too, and whoever gets it true has the job closed.
 */
export interface Ledger {
  settle(at: Attempt, settlement: Settlement): Promise<Settled>;
  /** The stored answer of a settled call is broken: its rows fail. `stale`: it is not settled by this attempt. */
  damaged(at: Attempt, damage: Damage): Promise<{ result: 'damaged' | 'repeated' | 'stale'; last: boolean }>;
  /** Whether the call may be split; once it may, it may for ever. */
  maySplit(at: Attempt, limit: SplitLimit): Promise<boolean>;
  /** The attempt is over without an outcome; the call is sent again after a delay. */
  defer(at: Attempt, deferral: Deferral): Promise<Early & { last: boolean }>;
  /** Its cost is spent and wasted, once. */
  waste(at: Attempt, sending: WastedSending): Promise<void>;
  /** The attempt may have been executed and its answer is not at hand. */
  markUnknown(at: Attempt, doubt: Doubt): Promise<void>;
  resolve(at: Attempt, fate: Fate, countsAs: LossCount): Promise<{ last: boolean }>;
  /** An unknown call goes back to an older attempt, whose stored answer then settles it. */
  turnBack(at: Attempt, fate: Fate, older: number): Promise<void>;
  /** A dispatched call that may not be sent now leaves the window. */
  shelve(at: Attempt): Promise<void>;
  /** The plan is stored, or the first calls of it are. */
  planned(job: JobRef, plan: StoredPlan): Promise<{ last: boolean }>;
  act(job: JobRef, transition: Transition): Promise<TransitionReply>;
  /** Runs rows of a finished job again: which, is settled when its next run is planned. */
  retry(job: JobRef, retry: Retry): Promise<RetryReply>;
  /** No later run uses the numbers of calls up to this one: answers are stored under them. */
  keepNumbers(job: JobRef, to: number): Promise<void>;
  /** The plan of a further run is stored; without calls the job can be closed as it was. */
  plannedAgain(job: JobRef, plan: FurtherPlan): Promise<{ last: boolean }>;
  /** Pauses or finishes the job where its deadline is over. */
  judgeDeadline(job: JobRef): Promise<{ last: boolean }>;
  /** Closes the job if nothing is open; the status after it. */
  finish(job: JobRef): Promise<string>;
}

const withLast = z.tuple([z.string(), z.coerce.number()]);
const deferred = z.tuple([z.enum(['deferred', 'stale', 'early']), z.coerce.number()]);
const damaged = z.tuple([z.enum(['damaged', 'repeated', 'stale']), z.coerce.number()]);
const split = z.enum(['granted', 'refused']);
const closable = z.number();
const transition = z.tuple([
  z.enum(['done', 'same', 'refused', 'gone', 'short', 'tenant_short']),
  z.string(),
  z.coerce.number(),
  z.coerce.number(),
]);

const retried = z.tuple(
  [z.enum(['done', 'refused', 'closing', 'nothing', 'gone', 'short']), z.string(), z.coerce.number()],
  z.string(),
);

export function createLedger({ run }: Access): Ledger {
  const named = ({ job, call, attempt }: Attempt) => [jobName(job), call, attempt] as const;
  const fateArgs = ({ kind, cost, taskId }: Fate) => [kind, cost ?? '', taskId ?? ''] as const;
  const last = (reply: unknown) => ({ last: withLast.parse(reply)[1] === 1 });
  return {
    settle: async (at, settlement) =>
      settleReply(at, await run('settle', ...named(at), ...settleArguments(settlement))),
    async damaged(at, { kind, rows, root, step, failedCode, counts, isLater }) {
      const shares = [counts?.empty ?? '', counts?.failed ?? '', Number(isLater)];
      const reply = await run('damaged', ...named(at), kind, rows, root, step, failedCode ?? '', ...shares);
      const [result, isLast] = damaged.parse(reply);
      return { result, last: isLast === 1 };
    },
    maySplit: async ({ job, call }, { root, most }) =>
      split.parse(await run('may_split', jobName(job), call, root, most)) === 'granted',
    async defer(at, { cost, delayMs, countsAs, sentAt, id }) {
      const reply = await run('defer', ...named(at), cost, Math.ceil(delayMs), countsAs, sentAt, ...idOf(id));
      const [result, isLast] = deferred.parse(reply);
      return { last: isLast === 1, ...(result === 'early' && { early: true as const }) };
    },
    async waste(at, { cost, sentAt, id }) {
      await run('waste', ...named(at), cost, sentAt, ...idOf(id));
    },
    async markUnknown(at, { lookUpAfterMs, by }) {
      await run('unknown', ...named(at), lookUpAfterMs, by);
    },
    resolve: async (at, fate, countsAs) => last(await run('resolve', ...named(at), ...fateArgs(fate), countsAs)),
    async turnBack(at, fate, older) {
      await run('turn_back', ...named(at), ...fateArgs(fate), older);
    },
    async shelve(at) {
      await run('shelve', ...named(at), at.dispatch ?? '');
    },
    planned: async (job, { roots, callsPerPart, manual, stored = roots }) =>
      last(await run('planned', jobName(job), roots, callsPerPart, Number(manual), stored)),
    async act(job, { action, by, reason, budget, tenantDaily, leastCall }) {
      const money = [budget ?? '', tenantDaily ?? '', leastCall ?? 0];
      const reply = await run('transition', jobName(job), action, by, reason ?? '', ...money);
      const [result, status, isLast, least] = transition.parse(reply);
      return { result, status, last: isLast === 1, least };
    },
    async retry(job, { by, choice, budget, leastCall }) {
      const money = [budget ?? '', leastCall ?? 0];
      const reply = await run('retry', jobName(job), by, JSON.stringify(choice), ...money, ...codesOf(choice));
      const [result, status, least, ...counts] = retried.parse(reply);
      return { result, status, least, left: rowsByCode(counts) };
    },
    async keepNumbers(job, to) {
      await run('keep_numbers', jobName(job), to);
    },
    async plannedAgain(job, { run: number, base, roots, callsPerPart, rows, retried, isStored }) {
      const taken = { failed: 0, skipped: 0 };
      for (const [code, count] of rows) taken[code in FAILED_CODES ? 'failed' : 'skipped'] += count;
      const plan = [number, base, roots, callsPerPart, taken.failed, taken.skipped, retried, Number(isStored)];
      return last(await run('planned_again', jobName(job), ...plan, ...[...rows].flat()));
    },
    judgeDeadline: async (job) => ({ last: closable.parse(await run('overdue', jobName(job))) === 1 }),
    finish: async (job) => z.string().parse(await run('finish', jobName(job))),
  };
}
