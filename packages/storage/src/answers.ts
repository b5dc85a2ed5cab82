import type { FailedCode, Nanos, RowStatus } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { compressBytes, decompressBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** Where a target's answer stands in a bulk answer's items, or why it has no item there. */
export const EMPTY_TARGET = -1;
export const MISSING_TARGET = -2;

/** What an answer means for the rows of its call. Positions follow the call's targets in the plan. */
export type AnswerOutcome =
  | { readonly kind: 'bulk'; readonly items: readonly number[] }
  | {
      readonly kind: 'list';
      readonly offset: number;
      readonly items: number;
      readonly totalCount: number | null;
      /** Items and cost of the row up to and with this page. */
      readonly itemsSoFar: number;
      readonly costSoFar: Nanos;
      /** Null while a further page follows. */
      readonly status: Extract<RowStatus, 'ok' | 'empty'> | null;
      /** `budget`: the money paid for no more items of this page. */
      readonly truncated: 'max_items' | 'budget' | null;
    }
  | {
      readonly kind: 'failed';
      readonly code: FailedCode;
      readonly message: string;
      readonly itemsSoFar: number;
      readonly costSoFar: Nanos;
      /** True where a parameter was refused, which every call of the job has. */
      readonly parameter?: true;
    }
  /** One of its targets is refused: its rows go to two calls of half of its targets each. */
  | { readonly kind: 'split'; readonly message: string }
  /** It decides nothing: the call is sent again after a while. What was charged for it stands in the header. */
  | { readonly kind: 'deferred'; readonly countsAs: 'failure' | 'nothing'; readonly message: string };

/** What is known of an answer without reading its body: enough to settle the ledger, and to count money again. */
export interface AnswerHeader {
  readonly call: number;
  readonly attempt: number;
  readonly failures: number;
  /** Who sent it; null where nobody knows any more. */
  readonly worker: string | null;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly httpStatus: number | null;
  readonly statusCode: number | null;
  readonly taskId: string | null;
  /** Of the sending that it answers, as its tag has it; older answers have none. */
  readonly nonce?: string | null;
  readonly cost: Nanos;
  readonly simulated: boolean;
  readonly outcome: AnswerOutcome;
  /** A call that was given up without an answer: its money is unconfirmed, or known and wasted. */
  readonly givenUp?: 'unconfirmed' | 'wasted';
}

export interface Answer {
  readonly header: AnswerHeader;
  /** The upstream's bytes as they came, decompressed. */
  body(): Promise<Buffer>;
}

const NEWLINE = 0x0a;

/**
 * Stores an answer whole: a line of JSON, then the compressed body. First write wins and is never changed;
 * false means that this attempt's answer was there already.
 */
export async function storeAnswer(
  backend: Backend,
  job: JobRef,
  answer: { header: AnswerHeader; body: Uint8Array },
): Promise<boolean> {
  const { call, attempt } = answer.header;
  return storeAnswerAt(backend, paths.answer(job, call, attempt), answer);
}

export async function storeAnswerAt(
  backend: Backend,
  path: string,
  { header, body }: { header: AnswerHeader; body: Uint8Array },
): Promise<boolean> {
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  return backend.create(path, Buffer.concat([line, await compressBytes(body)]));
}

/** The answer of one attempt of a call, or null where none was stored. */
export async function readAnswer(
  backend: Backend,
  job: JobRef,
  at: { call: number; attempt: number },
): Promise<Answer | null> {
  const bytes = await backend.get(paths.answer(job, at.call, at.attempt));
  if (bytes === null) return null;
  const end = bytes.indexOf(NEWLINE);
  const header: AnswerHeader = JSON.parse(bytes.subarray(0, end).toString('utf8'));
  return { header, body: () => decompressBytes(bytes.subarray(end + 1)) };
}
