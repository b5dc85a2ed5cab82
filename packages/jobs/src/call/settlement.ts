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
  /** How often the call had entered the window when the message was made. Messages of earlier entries are void. */
  readonly dispatch?: number;
}

/** What the ledger records about a call whose answer is stored. */
export interface Settlement {
  /** `split`: the answer is stored, and the call's rows go to its followers. */
  readonly verdict: 'stored' | 'failed' | 'split';
  readonly ok: number;
  readonly empty: number;
  readonly failed: number;
  /** The code of its failed rows, if it has any. */
  readonly failedCode: FailedCode;
  readonly items: number;
  /** Items that were bought, but belong to no row. */
  readonly surplus?: number;
  readonly cost: Nanos;
  /** When the attempt was sent, in ms on Redis' clock. Its cost counts for that day. */
  readonly sentAt: number;
  readonly id?: CostId;
  /** The calls that this answer creates: the next page, or the halves. */
  readonly followers: readonly Follower[];
  /** Null if the answer did not say. */
  readonly simulated: boolean | null;
  /** True if the call's fate was decided blindly: what it may have cost stays unconfirmed. */
  readonly keepUnconfirmed: boolean;
  /** True if the cost is that of a lost answer, and the call is given up. */
  readonly wasted?: boolean;
  /**
   * True if the answer does not say what it cost: the reserved money stays unconfirmed until the upstream's record
   * tells the cost.
   */
  readonly unpriced?: boolean;
  /**
   * The upstream's words, if it refused a parameter. A few such answers in a row stop the job, which shows these words.
   */
  readonly refusal?: string;
  /** From the send to the answer. Left out if no answer came. */
  readonly latencyMs?: number;
  /** The part that was copied from stored answers. */
  readonly reused?: Reused;
}

export interface Reused {
  readonly rows: number;
  readonly items: number;
  /** Nothing was bought. */
  readonly whole: boolean;
}

/** Identifies a cost, so that it is counted once: the upstream's id of the task, or else the nonce of the request. */
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
  /** Answers of the call's endpoint can no longer be read: other jobs may have to pause too. */
  readonly changed: boolean;
  /** The first attempt before this one that the ledger does not know, if there is one. */
  readonly missedFrom?: number;
}

/** `early`: nothing was done, because the answer that creates the call is not settled yet. */
export interface Early {
  readonly early?: true;
}

/** An attempt in the form that scripts take: names are strings. */
export interface NamedAttempt {
  readonly job: string;
  readonly call: string;
  readonly attempt: string;
}

export function named({ job, call, attempt }: Attempt): NamedAttempt {
  return { job: jobName(job), call: String(call), attempt: String(attempt) };
}

/** A CostId in the form that scripts take. */
export interface NamedCost {
  readonly task: string | undefined;
  readonly nonce: string | undefined;
}

/** An empty text is no id: earlier versions wrote one if they had none. */
export function idOf(id: CostId | undefined): NamedCost {
  return { task: id?.taskId || undefined, nonce: id?.nonce || undefined };
}

type Settling = NamedAttempt &
  Pick<Settlement, 'verdict' | 'ok' | 'empty' | 'failed' | 'items' | 'cost' | 'simulated'> & {
    readonly surplus: number;
    readonly code: FailedCode;
    readonly sent_at: number;
    readonly id: NamedCost;
    readonly followers: readonly { readonly call: string; readonly rows: number }[];
    readonly keeps_doubt: boolean;
    readonly is_lost: boolean;
    readonly unpriced: boolean;
    readonly refusal: string | undefined;
    readonly latency_ms: number | undefined;
    readonly reused: Reused;
  };

const settledReply = replyOf({
  result: z.enum(['settled', 'repeated', 'late', 'early']),
  last: z.boolean(),
  changed: z.boolean(),
  missed_from: z.coerce.number(),
});

export const settleScript = script<Settling>()('call/settle', settledReply);

export function settling(at: Attempt, settlement: Settlement): Settling {
  const { verdict, ok, empty, failed, items, surplus = 0, cost, simulated, refusal } = settlement;
  return {
    ...named(at),
    ...{ verdict, ok, empty, failed, items, surplus, cost, simulated },
    code: settlement.failedCode,
    sent_at: settlement.sentAt,
    id: idOf(settlement.id),
    followers: settlement.followers.map(({ call, rows }) => ({ call: String(call), rows })),
    keeps_doubt: settlement.keepUnconfirmed,
    is_lost: settlement.wasted ?? false,
    unpriced: settlement.unpriced ?? false,
    refusal: refusal || undefined,
    latency_ms: settlement.latencyMs,
    reused: settlement.reused ?? { rows: 0, items: 0, whole: false },
  };
}

export function settledFrom(at: Attempt, reply: ReturnType<typeof settledReply.parse>): Settled {
  const { result, last, changed, missed_from: missedFrom } = reply;
  // An early answer changes nothing, like a late one. `early` tells the caller to settle the answer before it, then
  // this one again.
  const early = result === 'early';
  return {
    result: early ? 'late' : result,
    last,
    changed,
    ...(early && { early }),
    ...(missedFrom < at.attempt && { missedFrom }),
  };
}
