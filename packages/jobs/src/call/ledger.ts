import { FAILED_CODES, type FailedCode, type Nanos, type PauseReason, type RetryCode } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { codesOf, type RetryChoice, rowsByCode } from '../job/retry-choice.js';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { replyOf } from '../redis/replies.js';
import { script } from '../scripts.js';
import {
  type Attempt,
  type CostId,
  type Early,
  idOf,
  type NamedAttempt,
  type NamedCost,
  named,
  type Settled,
  type Settlement,
  settledFrom,
  settleScript,
  settling,
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
  /** How many root calls, from the first on, are in storage; all where left out. */
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
 * so with `last`, when it is repeated too; a caller that gets it true has the job closed.
 */
export interface Ledger {
  settle(at: Attempt, settlement: Settlement): Promise<Settled>;
  /** The stored answer of a settled call is broken: its rows fail. `stale`: it is not settled by this attempt. */
  damaged(at: Attempt, damage: Damage): Promise<{ result: 'damaged' | 'repeated' | 'stale'; last: boolean }>;
  /** Whether the call may be split; once it may, it always may. */
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

const step = <Result extends string>(results: readonly [Result, ...Result[]]) =>
  replyOf({ result: z.enum(results), last: z.boolean() });

/** Of steps of which nothing else is asked. */
const lastReply = replyOf({ last: z.boolean() });

interface Step {
  readonly job: string;
}

interface NamedFate {
  readonly kind: Fate['kind'];
  readonly cost: Nanos | null;
  readonly task: string | null;
}

const damagedScript = script<NamedAttempt & Omit<Damage, 'failedCode' | 'isLater'> & NamedDamage>()(
  'call/damaged',
  step(['damaged', 'repeated', 'stale']),
);
interface NamedDamage {
  readonly failed_code: FailedCode | null;
  readonly is_later: boolean;
}

const maySplitScript = script<{ job: string; call: string; root: string; most: number }>()(
  'call/may_split',
  z.enum(['granted', 'refused']),
);

interface Deferring extends NamedAttempt {
  readonly cost: Nanos;
  readonly delay_ms: number;
  readonly counts_as: Deferral['countsAs'];
  readonly sent_at: number;
  readonly id: NamedCost;
}
const deferScript = script<Deferring>()('call/defer', step(['deferred', 'stale', 'early']));

const wasteScript = script<NamedAttempt & { cost: Nanos; sent_at: number; id: NamedCost }>()('call/waste', z.string());

const unknownScript = script<NamedAttempt & { after_ms: number; by: string }>()('call/unknown', z.string());

const resolveScript = script<NamedAttempt & { fate: NamedFate; counts_as: LossCount }>()('call/resolve', lastReply);

const turnBackScript = script<NamedAttempt & { fate: NamedFate; older: string }>()('call/turn_back', z.string());

const shelveScript = script<NamedAttempt & { dispatch: string | null }>()('call/shelve', z.string());

interface Planned extends Step {
  readonly roots: number;
  readonly calls_per_part: number;
  readonly manual: boolean;
  readonly stored: number;
}
const plannedScript = script<Planned>()('job/planned', lastReply);

interface PlannedAgain extends Step {
  readonly run: string;
  readonly base: number;
  readonly roots: number;
  readonly calls_per_part: number;
  readonly failed: number;
  readonly skipped: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly is_stored: boolean;
}
const plannedAgainScript = script<PlannedAgain>()('job/planned_again', lastReply);

interface Transitioning extends Step {
  readonly action: JobAction;
  readonly by: string;
  readonly reason: PauseReason | null;
  readonly budget: Nanos | null;
  readonly tenant_daily: Nanos | null;
  readonly least_call: Nanos;
}
const transitionScript = script<Transitioning>()(
  'job/transition',
  replyOf({
    result: z.enum(['done', 'same', 'refused', 'gone', 'short', 'tenant_short']),
    status: z.string(),
    last: z.boolean(),
    least: z.coerce.number().default(0),
  }),
);

interface Retrying extends Step {
  readonly by: string;
  readonly choice: string;
  readonly codes: readonly RetryCode[];
  readonly budget: Nanos | null;
  readonly least_call: Nanos;
}
const retryScript = script<Retrying>()(
  'job/retry',
  replyOf({
    result: z.enum(['done', 'refused', 'closing', 'nothing', 'gone', 'short']),
    status: z.string(),
    least: z.coerce.number().default(0),
    left: z.record(z.string(), z.coerce.number()).default({}),
  }),
);

const keepNumbersScript = script<Step & { number: number }>()('job/keep_numbers', z.string());
const overdueScript = script<Step>()('job/overdue', lastReply);
const finishScript = script<Step>()('job/finish', z.string());

export function createLedger({ run }: Access): Ledger {
  return {
    settle: async (at, settlement) => settledFrom(at, await run(settleScript, settling(at, settlement))),
    damaged: (at, { failedCode, isLater, ...damage }) =>
      run(damagedScript, { ...named(at), ...damage, failed_code: failedCode, is_later: isLater }),
    async maySplit({ job, call }, { root, most }) {
      const asked = { job: jobName(job), call: String(call), root: String(root), most };
      return (await run(maySplitScript, asked)) === 'granted';
    },
    async defer(at, { cost, delayMs, countsAs, sentAt, id }) {
      const counted = { cost, counts_as: countsAs, sent_at: sentAt, id: idOf(id) };
      const { result, last } = await run(deferScript, { ...named(at), ...counted, delay_ms: Math.ceil(delayMs) });
      return { last, ...(result === 'early' && { early: true as const }) };
    },
    async waste(at, { cost, sentAt, id }) {
      await run(wasteScript, { ...named(at), cost, sent_at: sentAt, id: idOf(id) });
    },
    async markUnknown(at, { lookUpAfterMs, by }) {
      await run(unknownScript, { ...named(at), after_ms: lookUpAfterMs, by });
    },
    resolve: (at, fate, countsAs) => run(resolveScript, { ...named(at), fate: fateOf(fate), counts_as: countsAs }),
    async turnBack(at, fate, older) {
      await run(turnBackScript, { ...named(at), fate: fateOf(fate), older: String(older) });
    },
    async shelve(at) {
      await run(shelveScript, { ...named(at), dispatch: at.dispatch === undefined ? null : String(at.dispatch) });
    },
    planned: (job, { roots, callsPerPart, manual, stored = roots }) =>
      run(plannedScript, { job: jobName(job), roots, calls_per_part: callsPerPart, manual, stored }),
    async act(job, { action, by, reason = null, budget = null, tenantDaily = null, leastCall = 0 }) {
      const money = { budget, tenant_daily: tenantDaily, least_call: leastCall };
      return run(transitionScript, { job: jobName(job), action, by, reason, ...money });
    },
    async retry(job, { by, choice, budget = null, leastCall = 0 }) {
      const wanted = { choice: JSON.stringify(choice), codes: codesOf(choice), budget, least_call: leastCall };
      const { left, ...reply } = await run(retryScript, { job: jobName(job), by, ...wanted });
      return { ...reply, left: rowsByCode(left) };
    },
    async keepNumbers(job, to) {
      await run(keepNumbersScript, { job: jobName(job), number: to });
    },
    plannedAgain(job, { run: number, base, roots, callsPerPart, rows, retried, isStored }) {
      const taken = { failed: 0, skipped: 0 };
      for (const [code, count] of rows) taken[code in FAILED_CODES ? 'failed' : 'skipped'] += count;
      const plan = { run: String(number), base, roots, calls_per_part: callsPerPart, is_stored: isStored };
      const named = { job: jobName(job), ...plan, ...taken, codes: Object.fromEntries(rows) };
      return run(plannedAgainScript, named, retried);
    },
    judgeDeadline: (job) => run(overdueScript, { job: jobName(job) }),
    finish: (job) => run(finishScript, { job: jobName(job) }),
  };
}

function fateOf({ kind, cost, taskId = null }: Fate): NamedFate {
  return { kind, cost, task: taskId };
}
