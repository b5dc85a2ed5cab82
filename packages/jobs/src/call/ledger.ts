import type { FailedCode, Nanos } from '@linkhaul/schemas';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { lastReply, replyOf } from '../redis/replies.js';
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
  /** How many rows are empty and failed, by its header; null where the header is broken too. */
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

/**
 * What an attempt without an answer counts as: a failure, which cost nothing; a loss of what was paid for; or the death of
 * a worker, of which the call need not be the cause.
 */
export type LossCount = 'failures' | 'losses' | 'deaths';

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
  /** An unknown call falls back to an older attempt, whose stored answer then settles it. */
  fallBack(at: Attempt, fate: Fate, older: number): Promise<void>;
  /** A dispatched call that may not be sent now leaves the window. */
  shelve(at: Attempt): Promise<void>;
}

const step = <Result extends string>(results: readonly [Result, ...Result[]]) =>
  replyOf({ result: z.enum(results), last: z.boolean() });

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

const fallBackScript = script<NamedAttempt & { fate: NamedFate; older: string }>()('call/fall_back', z.string());

const shelveScript = script<NamedAttempt & { dispatch: string | null }>()('call/shelve', z.string());

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
    async fallBack(at, fate, older) {
      await run(fallBackScript, { ...named(at), fate: fateOf(fate), older: String(older) });
    },
    async shelve(at) {
      await run(shelveScript, { ...named(at), dispatch: at.dispatch === undefined ? null : String(at.dispatch) });
    },
  };
}

function fateOf({ kind, cost, taskId = null }: Fate): NamedFate {
  return { kind, cost, task: taskId };
}
