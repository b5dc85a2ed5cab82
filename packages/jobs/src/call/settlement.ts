import type { FailedCode, Nanos } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import { replyOf } from '../redis/replies.js';
import { script } from '../scripts.js';

/** One try of a call. */
export interface Attempt {
  readonly job: JobRef;
  readonly call: number;
  readonly attempt: number;
  /** Which entry of the call into the window its message is of; a message of an older one is void. */
  readonly dispatch?: number;
}

/** What the ledger is told of a call whose answer is stored. */
export interface Settlement {
  /** Of a `split` call the answer is stored, and its rows go to its followers. */
  readonly verdict: 'stored' | 'failed' | 'split';
  readonly ok: number;
  readonly empty: number;
  readonly failed: number;
  /** The code of its failed rows, where there are any. */
  readonly failedCode: FailedCode;
  readonly items: number;
  readonly cost: Nanos;
  /** When the attempt was sent, ms on Redis' clock: its cost is counted into that day. */
  readonly sentAt: number;
  readonly id?: CostId;
  /** The calls that exist because of this answer: the next page, or the halves. */
  readonly followers: readonly Follower[];
  /** Null where the upstream has said nothing. */
  readonly simulated: boolean | null;
  /** True where the call's fate was decided blindly: what it may have cost stays unconfirmed. */
  readonly keepUnconfirmed: boolean;
  /** True where the cost is that of an answer that was lost, and the call is given up. */
  readonly wasted?: boolean;
  /** True where the answer does not say what it cost: what was reserved stays unconfirmed until the record says it. */
  readonly unpriced?: boolean;
  /** The upstream's words, where it refused a parameter: a few such answers in a row stop the job, which shows them. */
  readonly refusal?: string;
  /** From the sending to the answer; left out where none came. */
  readonly latencyMs?: number;
}

/** What a cost is known by, so that it is counted once: the upstream's id of the task, else the nonce of its sending. */
export interface CostId {
  readonly taskId: string | null;
  readonly nonce: string | null;
}

interface Follower {
  readonly call: number;
  readonly rows: number;
}

export interface Settled extends Early {
  readonly result: 'settled' | 'repeated' | 'late';
  readonly last: boolean;
  /** The answers of its endpoint cannot be read any more: other jobs than its own may have to be paused. */
  readonly changed: boolean;
  /** The first of the attempts before this one of which the ledger has never heard, where there are such. */
  readonly missedFrom?: number;
}

/** `early`: nothing was done, since the answer that brings the call about is not settled. */
export interface Early {
  readonly early?: true;
}

/** An attempt as scripts take it: names are texts. */
export interface NamedAttempt {
  readonly job: string;
  readonly call: string;
  readonly attempt: string;
}

export function named({ job, call, attempt }: Attempt): NamedAttempt {
  return { job: jobName(job), call: String(call), attempt: String(attempt) };
}

/** A cost's id as scripts take it. */
export interface NamedCost {
  readonly task: string | undefined;
  readonly nonce: string | undefined;
}

/** An empty text is no id: earlier versions wrote one where they had none. */
export function idOf(id: CostId | undefined): NamedCost {
  return { task: id?.taskId || undefined, nonce: id?.nonce || undefined };
}

type Settling = NamedAttempt &
  Pick<Settlement, 'verdict' | 'ok' | 'empty' | 'failed' | 'items' | 'cost' | 'simulated'> & {
    readonly code: FailedCode;
    readonly sent_at: number;
    readonly id: NamedCost;
    readonly followers: readonly { readonly call: string; readonly rows: number }[];
    readonly keeps_doubt: boolean;
    readonly is_lost: boolean;
    readonly unpriced: boolean;
    readonly refusal: string | undefined;
    readonly latency_ms: number | undefined;
  };

const settledReply = replyOf({
  result: z.enum(['settled', 'repeated', 'late', 'early']),
  last: z.boolean(),
  changed: z.boolean(),
  missed_from: z.coerce.number(),
});

export const settleScript = script<Settling>()('call/settle', settledReply);

export function settling(at: Attempt, settlement: Settlement): Settling {
  const { verdict, ok, empty, failed, items, cost, simulated, refusal } = settlement;
  return {
    ...named(at),
    ...{ verdict, ok, empty, failed, items, cost, simulated },
    code: settlement.failedCode,
    sent_at: settlement.sentAt,
    id: idOf(settlement.id),
    followers: settlement.followers.map(({ call, rows }) => ({ call: String(call), rows })),
    keeps_doubt: settlement.keepUnconfirmed,
    is_lost: settlement.wasted ?? false,
    unpriced: settlement.unpriced ?? false,
    refusal: refusal || undefined,
    latency_ms: settlement.latencyMs,
  };
}

export function settledFrom(at: Attempt, reply: ReturnType<typeof settledReply.parse>): Settled {
  const { result, last, changed, missed_from: missedFrom } = reply;
  // An early answer changed nothing, as a late one: `early` makes the caller settle the answer before it, then this one again.
  const early = result === 'early';
  return {
    result: early ? 'late' : result,
    last,
    changed,
    ...(early && { early }),
    ...(missedFrom < at.attempt && { missedFrom }),
  };
}
