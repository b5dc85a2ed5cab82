import type { FailedCode, Nanos, RowStatus } from '@linkhaul/schemas';
import type { PageToken } from './page-token.js';

/** In a bulk outcome, the place of a target's item, or why it has none. */
export const EMPTY_TARGET = -1;
export const MISSING_TARGET = -2;

/** Why a call failed. */
export interface Failure {
  readonly code: FailedCode;
  readonly message: string;
  /** True if a parameter was refused, which is the same in every call of the job. */
  readonly parameter?: true;
}

/** What an answer means for the rows of its call. Positions follow the call's targets in the plan. */
export type AnswerOutcome =
  | {
      readonly kind: 'bulk';
      readonly items: readonly number[];
      /** Why its call failed, if only the copied targets have an answer. */
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
      /** Elements of the row's pages, including this one, that are no items. Missing if there are none. */
      readonly strays?: number;
      /** Items beyond the job's limit. They come because a page by token is always a whole one; they are stored, not shown. */
      readonly surplus?: number;
      readonly token?: PageToken;
      /** The hash of an earlier page of this run, with which the next page is compared. Missing if no page follows. */
      readonly mark?: string;
    }
  | (Failure & {
      readonly kind: 'failed';
      readonly itemsSoFar: number;
      readonly costSoFar: Nanos;
      readonly strays?: number;
      /** The token of the last page before the failure, unless it was refused. */
      readonly token?: PageToken;
    })
  /** One of its targets is refused: its rows go to two calls with half of its targets each. */
  | { readonly kind: 'split'; readonly message: string }
  /** It decides nothing, and the call is sent again later. The header has what it cost. */
  | {
      readonly kind: 'deferred';
      readonly countsAs: 'failure' | 'nothing';
      readonly message: string;
      /** The token of the page before was refused, so the call goes on by offset. */
      readonly tokenRefused?: true;
    };

/** Why a call failed; null if it did not. */
export function failureOf(outcome: AnswerOutcome): Failure | null {
  if (outcome.kind === 'failed') return outcome;
  return outcome.kind === 'bulk' ? (outcome.failure ?? null) : null;
}

/**
 * Targets of a call that were answered from answers which the tenant had already, at no cost. Their items follow those of
 * the answer itself: an outcome counts both as one list.
 */
export interface CopiedTargets {
  /** By the position of the target: when its answer was fetched (ms). Null if this call has bought it. */
  readonly fetchedAt: readonly (number | null)[];
  /** Positions of copied targets that have no item. */
  readonly empty: readonly number[];
  /** How many bytes of the body came from the upstream. The copied items follow them. */
  readonly ownBytes: number;
  /** The other fields of the result from which they come, if the answer is to be given in the vendor's form. */
  readonly head?: Readonly<Record<string, unknown>>;
  /** The parts of a long list after the first one, each in an object of its own. */
  readonly further?: FurtherParts;
}

export interface FurtherParts {
  /** Part of their paths. An earlier try to copy the list may have left parts with other items. */
  readonly name: string;
  /** How many items each has. */
  readonly items: readonly number[];
}

/** What is known of an answer without reading its body: enough to settle the ledger, and to count money once more. */
export interface AnswerHeader {
  readonly call: number;
  readonly attempt: number;
  readonly failures: number;
  /** The worker that sent it. Null if that is no longer known. */
  readonly worker: string | null;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly httpStatus: number | null;
  readonly statusCode: number | null;
  readonly taskId: string | null;
  /** The nonce in the tag of the request that it answers. Older answers have none. */
  readonly nonce?: string | null;
  /** The position of our task in the answer, from 0, not counting elements that are no tasks. 0 if missing. */
  readonly task?: number;
  readonly cost: Nanos;
  /** True if the answer does not state its cost, though it may have been charged. */
  readonly unpriced?: true;
  /** Null if no answer says so. */
  readonly simulated: boolean | null;
  readonly outcome: AnswerOutcome;
  /** Missing if this call bought everything. */
  readonly copied?: CopiedTargets;
  /** The call was given up without an answer: its money is unconfirmed, or known and wasted. */
  readonly givenUp?: 'unconfirmed' | 'wasted';
}
