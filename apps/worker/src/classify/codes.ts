import type { LimitMet } from '@linkhaul/jobs';
import type { PauseReason } from '@linkhaul/schemas';

/** What a status code asks of us. */
export type CodeAction =
  /** Done; what the result holds decides between ok and empty. */
  | { readonly action: 'ok' }
  /** Done, and there is nothing: never asked again. */
  | { readonly action: 'empty' }
  /** Passing: the same call again, with backoff, a few times. */
  | { readonly action: 'retry' }
  /** The account is too fast: all of it waits, and the attempt does not count as a failure. */
  | { readonly action: 'slow'; readonly waitMs: number; readonly met: LimitMet }
  /** The account cannot go on: its jobs pause and lose nothing. */
  | { readonly action: 'pause'; readonly reason: PauseReason }
  /** This call will never succeed. */
  | { readonly action: 'fail' };

const ok = { action: 'ok' } as const;
const empty = { action: 'empty' } as const;
const retry = { action: 'retry' } as const;
const fail = { action: 'fail' } as const;
const slow = (waitMs: number, met: LimitMet) => ({ action: 'slow', waitMs, met }) as const;
const pause = (reason: PauseReason) => ({ action: 'pause', reason }) as const;

/**
 * The upstream's status codes, at both levels of an answer. Messages vary, numbers do not: only these are looked at.
 * Codes that are not listed: 4xxxx fails, 5xxxx is retried.
 */
export const CODES: Readonly<Record<number, CodeAction>> = {
  20000: ok,
  40000: fail, // more than one task in a call
  40100: pause('upstream_auth'),
  40101: retry, // search engine error
  40102: empty, // no search results
  40103: retry, // "please try to resubmit"
  40104: pause('upstream_blocked'), // account not verified
  40106: ok, // partial results
  40200: pause('upstream_funds'),
  40201: pause('upstream_blocked'), // account paused by the vendor
  40202: slow(5_000, 'rate'), // calls a minute
  40203: pause('upstream_daily_limit'),
  40204: pause('upstream_blocked'), // no subscription
  40207: pause('upstream_blocked'), // address not on the account's list
  40209: slow(1_000, 'in_flight'), // calls at once
  40210: pause('upstream_funds'),
  40400: fail,
  40402: fail, // invalid path
  40501: fail, // invalid field
  40502: fail, // empty body
  40503: fail, // unreadable body
  40506: fail, // unknown field
  50000: retry,
  50001: retry, // balance could not be checked
  50100: fail, // not implemented: the one 5xxxx that is ours
  50301: retry,
  50303: retry, // update in progress
  50304: retry,
  50401: retry, // the upstream's own timeout
  50402: retry,
};

export function actionOf(code: number): CodeAction {
  const listed = CODES[code];
  if (listed !== undefined) return listed;
  return code >= 50_000 ? retry : fail;
}

/**
 * Codes of a gateway's own errors that tell, at any HTTP status, that the upstream was not asked. Not among them are
 * those of its billing and of its way to the upstream (`metered_v2_billing_…`, `provider_unavailable`, …), which may come
 * after the call was executed, whatever their `retryable` says.
 */
export const NOT_EXECUTED: ReadonlySet<string> = new Set(['authentication_unavailable']);
