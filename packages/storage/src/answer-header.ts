import type { FailedCode, Nanos, RowStatus } from '@linkhaul/schemas';
import type { PageToken } from './page-token.js';

/** Where a target's answer stands in a bulk answer's items, or why it has no item there. */
export const EMPTY_TARGET = -1;
export const MISSING_TARGET = -2;

/** Why a call failed. */
export interface Failure {
  readonly code: FailedCode;
  readonly message: string;
  /** True where a parameter was refused, which every call of the job has. */
  readonly parameter?: true;
}

/** What an answer means for the rows of its call. Positions follow the call's targets in the plan. */
export type AnswerOutcome =
  | {
      readonly kind: 'bulk';
      readonly items: readonly number[];
      /** Why its call failed, where only the copied targets have an answer. */
      readonly failure?: Failure;
    }
  | {
      readonly kind: 'list';
      readonly offset: number;
      readonly items: number;
      readonly totalCount: number | null;
      /** Items and cost of the row up to and including this page. */
      readonly itemsSoFar: number;
      readonly costSoFar: Nanos;
      /** Null while a further page follows. */
      readonly status: Extract<RowStatus, 'ok' | 'empty'> | null;
      /** `budget`: the budget did not allow more items of this page. */
      readonly truncated: 'max_items' | 'budget' | null;
      /** Elements of the row's pages, up to and with this one, that are no items; left out where there is none. */
      readonly strays?: number;
      /** Items behind the job's limit, which came because a page by token is always a whole one: they are stored, not given. */
      readonly surplus?: number;
      readonly token?: PageToken;
      /** The keys of a page of this run, with which the next page is compared; left out where none follows. */
      readonly mark?: string;
    }
  | (Failure & {
      readonly kind: 'failed';
      readonly itemsSoFar: number;
      readonly costSoFar: Nanos;
      readonly strays?: number;
      /** Of the last page before the failure, unless it was refused. */
      readonly token?: PageToken;
    })
  /** One of its targets is refused: its rows go to two calls of half of its targets each. */
  | { readonly kind: 'split'; readonly message: string }
  /** It decides nothing: the call is sent again after a while. What was charged for it stands in the header. */
  | {
      readonly kind: 'deferred';
      readonly countsAs: 'failure' | 'nothing';
      readonly message: string;
      /** The token of the page before was refused: the call goes on by offset. */
      readonly tokenRefused?: true;
    };

/** Why a call failed; null if it did not. */
export function failureOf(outcome: AnswerOutcome): Failure | null {
  if (outcome.kind === 'failed') return outcome;
  return outcome.kind === 'bulk' ? (outcome.failure ?? null) : null;
}

/**
 * Targets of a call that were answered from answers which the tenant had already, at no cost. Their items stand behind
 * those of the answer itself: an outcome counts both as one list.
 */
export interface CopiedTargets {
  /** By the position of the target: when its answer was fetched (ms); null where this call has bought it. */
  readonly fetchedAt: readonly (number | null)[];
  /** Positions of copied targets that have no item. */
  readonly empty: readonly number[];
  /** How many bytes of the body came from the upstream. The copied items stand behind them. */
  readonly ownBytes: number;
  /** The other fields of the result that they come from, where the answer is to be given in the vendor's form. */
  readonly head?: Readonly<Record<string, unknown>>;
  /** Parts of a long list behind the first one, each an object of its own. */
  readonly further?: FurtherParts;
}

export interface FurtherParts {
  /** In their paths: an earlier try to copy the list may have left parts of other items. */
  readonly name: string;
  /** How many items each has. */
  readonly items: readonly number[];
}

/** What is known of an answer without reading its body: enough to settle the ledger, and to count money again. */
export interface AnswerHeader {
  readonly call: number;
  readonly attempt: number;
  readonly failures: number;
  /** The worker that sent it; null if that is not known any more. */
  readonly worker: string | null;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly httpStatus: number | null;
  readonly statusCode: number | null;
  readonly taskId: string | null;
  /** The nonce in the tag of the request that it answers; older answers have none. */
  readonly nonce?: string | null;
  /** The position of our task in the answer, from 0, not counting elements that are no tasks. 0 if left out. */
  readonly task?: number;
  readonly cost: Nanos;
  /** True if the answer does not say what it cost, though it may have been charged. */
  readonly unpriced?: true;
  /** Null where no answer says. */
  readonly simulated: boolean | null;
  readonly outcome: AnswerOutcome;
  /** Left out where everything was bought by this call. */
  readonly copied?: CopiedTargets;
  /** A call that was given up without an answer: its money is unconfirmed, or known and wasted. */
  readonly givenUp?: 'unconfirmed' | 'wasted';
}
