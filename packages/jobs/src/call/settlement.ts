import type { FailedCode, Nanos } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';

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

const settled = z.tuple([
  z.enum(['settled', 'repeated', 'late', 'early']),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
]);

export function idOf(id: CostId | undefined): [string, string] {
  return [id?.taskId ?? '', id?.nonce ?? ''];
}

export function settleArguments(s: Settlement): (string | number)[] {
  return [
    s.verdict,
    s.ok,
    s.empty,
    s.failed,
    s.items,
    s.cost,
    s.simulated === null ? '' : Number(s.simulated),
    Number(s.keepUnconfirmed),
    Number(s.wasted ?? false),
    s.refusal ?? '',
    s.sentAt,
    s.failedCode,
    Number(s.unpriced ?? false),
    ...idOf(s.id),
    ...s.followers.flatMap(({ call, rows }) => [call, rows]),
  ];
}

export function settleReply(at: Attempt, reply: unknown): Settled {
  const [result, isLast, isChanged, missedFrom] = settled.parse(reply);
  const early = result === 'early';
  return {
    result: early ? 'late' : result,
    last: isLast === 1,
    changed: isChanged === 1,
    ...(early && { early }),
    ...(missedFrom < at.attempt && { missedFrom }),
  };
}
