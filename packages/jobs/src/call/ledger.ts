import type { FailedCode, Nanos } from '@linkhaul/schemas';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { createLately } from '../redis/lately.js';
import { lastReply, replyOf } from '../redis/replies.js';
import { type RunScript, script } from '../scripts.js';
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

/** What the ledger must know about a settled call whose stored answer is broken: which rows the call decided, and how. */
export interface Damage {
  readonly kind: 'bulk' | 'list';
  /** Its rows, without those that a later run took up. */
  readonly rows: number;
  readonly root: number;
  /** The distance to the calls that may follow it. */
  readonly step: number;
  /** The code of its failed rows, if known. */
  readonly failedCode: FailedCode | null;
  /** How many of its rows are empty and how many failed, by its header. Null if the header is broken too. */
  readonly counts: { readonly empty: number; readonly failed: number } | null;
  /** True if the damaged page of its row belongs to an earlier run. */
  readonly isLater: boolean;
}

/** How an attempt ended without an outcome. Unsent attempts are counted separately, because they never ran. */
export interface Deferral {
  readonly cost: Nanos;
  readonly sentAt: number;
  readonly id?: CostId;
  readonly delayMs: number;
  readonly countsAs: 'failure' | 'unsent' | 'nothing';
}

/** How many calls the splitting of one root call may lead to. */
interface SplitLimit {
  readonly root: number;
  readonly most: number;
}

interface Doubt {
  /** How long after the send the upstream's record certainly shows the call. */
  readonly lookUpAfterMs: number;
  /** The worker that reports it. If another worker sent the call, that worker has died. */
  readonly by: string;
}

/** What became of an attempt that has no answer. */
interface Fate {
  readonly kind: 'lost' | 'not_executed' | 'blind';
  /** Null if unknown. */
  readonly cost: Nanos | null;
  /** The upstream's id of the task, if its record shows one. */
  readonly taskId?: string | null;
}

/** A request that was paid for, and whose answer decides nothing. */
interface WastedSending {
  readonly cost: Nanos;
  readonly sentAt: number;
  readonly id: CostId;
}

/**
 * What an attempt without an answer counts as: a failure, which cost nothing; a loss of a paid answer; or the death of
 * a worker, which the call may not have caused.
 */
export type LossCount = 'failures' | 'losses' | 'deaths';

/**
 * The record of every call. Each method is one atomic step that can be repeated. A step that leaves nothing of the job
 * open answers `last: true`, also when it is repeated: the caller then closes the job.
 */
export interface Ledger {
  settle(at: Attempt, settlement: Settlement): Promise<Settled>;
  /** Repeats the steps by which this process ended attempts in the last seconds: Redis may have lost them. */
  repeatLately(): Promise<void>;
  /** Fails the rows of a settled call whose stored answer is broken. `stale`: another attempt has settled the call. */
  damaged(at: Attempt, damage: Damage): Promise<{ result: 'damaged' | 'repeated' | 'stale'; last: boolean }>;
  /** Whether the call may be split. Once granted, always granted. */
  maySplit(at: Attempt, limit: SplitLimit): Promise<boolean>;
  /** Ends an attempt without an outcome. The call is sent again after a delay. */
  defer(at: Attempt, deferral: Deferral): Promise<Early & { last: boolean }>;
  /** Counts the cost as spent and wasted, once. */
  waste(at: Attempt, sending: WastedSending): Promise<void>;
  /** Notes that the attempt may have been executed, but its answer has not come. */
  markUnknown(at: Attempt, doubt: Doubt): Promise<void>;
  resolve(at: Attempt, fate: Fate, countsAs: LossCount): Promise<{ last: boolean }>;
  /** Makes an older attempt of an unknown call the current one. Its stored answer then settles the call. */
  fallBack(at: Attempt, fate: Fate, older: number): Promise<void>;
  /** Takes a dispatched call that may not be sent now out of the window. */
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
  const lately = createLately<() => Promise<unknown>>();
  /** Runs a step that ends an attempt, and keeps it for `repeatLately`. */
  const runKept: RunScript = async (ending, arg) => {
    const reply = await run(ending, arg);
    lately.add(() => run(ending, arg));
    return reply;
  };
  return {
    settle: async (at, settlement) => settledFrom(at, await runKept(settleScript, settling(at, settlement))),
    async repeatLately() {
      // In order: a step may need the attempt, or the call, that an earlier step made.
      for (const again of lately.all()) await again();
    },
    damaged: (at, { failedCode, isLater, ...damage }) =>
      run(damagedScript, { ...named(at), ...damage, failed_code: failedCode, is_later: isLater }),
    async maySplit({ job, call }, { root, most }) {
      const arg = { job: jobName(job), call: String(call), root: String(root), most };
      return (await run(maySplitScript, arg)) === 'granted';
    },
    async defer(at, { cost, delayMs, countsAs, sentAt, id }) {
      const counted = { cost, counts_as: countsAs, sent_at: sentAt, id: idOf(id) };
      const { result, last } = await runKept(deferScript, { ...named(at), ...counted, delay_ms: Math.ceil(delayMs) });
      return { last, ...(result === 'early' && { early: true as const }) };
    },
    async waste(at, { cost, sentAt, id }) {
      await runKept(wasteScript, { ...named(at), cost, sent_at: sentAt, id: idOf(id) });
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
