import {
  accountBalance,
  type Nanos,
  nanosOf,
  objectsOf,
  type PublishedPrices,
  publishedOrigin,
  publishedPrices,
  type ServedOrigin,
  STATUS_OK,
} from '@linkhaul/schemas';
import type { FailedReply, FreeReply } from './reply.js';

/** `ended`: the upstream no longer works on the request. */
type Failed = { readonly kind: 'failed'; readonly reason: string; readonly ended: boolean };

export type AccountReply =
  /** The credentials are right. The balance is null if the answer has none, and prices may be missing. */
  | {
      readonly kind: 'account';
      readonly balance: Nanos | null;
      readonly prices: PublishedPrices;
      /** Whether this upstream's answers are simulated. */
      readonly simulated: boolean;
      /** Where its data comes from. Null if it does not say. */
      readonly origin: ServedOrigin | null;
    }
  | { readonly kind: 'no_account' }
  | Failed;

export function accountOf(reply: FreeReply): AccountReply {
  // A 404 is enough here. For the record of calls the API itself must say that it has none.
  if (reply.kind !== 'answer' && reply.kind !== 'unsent' && reply.httpStatus === 404) return { kind: 'no_account' };
  const answer = readFree(reply);
  if (answer.kind === 'none') return { kind: 'no_account' };
  if (answer.kind === 'failed') return answer;
  const [account] = objectsOf(answer.result);
  const usd = accountBalance(account);
  return {
    kind: 'account',
    balance: usd === null ? null : nanosOf(usd),
    prices: publishedPrices(account),
    simulated: answer.simulated,
    origin: publishedOrigin(account),
  };
}

/** A request without an answer of the API. */
export function failedOf(reply: FailedReply): Failed {
  return { kind: 'failed', reason: reply.reason, ended: reply.kind !== 'unreadable' || reply.ended };
}

type FreeAnswer =
  | { readonly kind: 'result'; readonly result: unknown; readonly simulated: boolean }
  /** The provider does not offer this. */
  | { readonly kind: 'none' }
  | Failed;

/** Reads the result of a free request. Only a task with status 20000 counts: an empty answer of any other kind proves nothing. */
export function readFree(reply: FreeReply): FreeAnswer {
  if (reply.kind !== 'answer') return failedOf(reply);
  const { envelope, httpStatus } = reply;
  const task = envelope.tasks[0] ?? null;
  const code = envelope.code === null || envelope.code === STATUS_OK ? (task?.code ?? null) : envelope.code;
  if (httpStatus === 404 || code === 40400 || code === 40402) return { kind: 'none' };
  if (httpStatus >= 400 || code !== STATUS_OK) {
    const message = task?.message || envelope.message;
    return { kind: 'failed', reason: `HTTP ${httpStatus}, ${code} ${message}`.trim(), ended: true };
  }
  return { kind: 'result', result: task?.json.result ?? [], simulated: reply.headers.simulated };
}
