import type { LimitMet, OutageReason } from '@linkhaul/schemas';

/** What Linkhaul does at a status code. */
export type CodeAction =
  /** Done. The result decides between ok and empty. */
  | { readonly action: 'ok' }
  /** Done, and the answer has nothing for the rows. */
  | { readonly action: 'empty' }
  /** A temporary failure: the call is sent again with backoff, a few times. */
  | { readonly action: 'retry' }
  /** The account sends too fast: all its calls wait. Not counted as a failure. */
  | { readonly action: 'slow'; readonly waitMs: number; readonly met: LimitMet }
  /** This call was sent too often: it waits, other calls go on. Not counted as a failure. */
  | { readonly action: 'wait'; readonly waitMs: number }
  /** The account cannot go on: its jobs pause. */
  | { readonly action: 'pause'; readonly reason: OutageReason }
  /** One of the call's targets is bad: the call is split until that target is alone, and only its rows fail. */
  | { readonly action: 'split' }
  /** A parameter is bad, and every call of the job has it: the call fails, and after a few such calls the job. */
  | { readonly action: 'stop' }
  /** This call will never succeed. */
  | { readonly action: 'fail' };

/** What a code means. `level`: which part of the answer has it; null if that is not documented. */
interface CodeEntry {
  readonly level: 'envelope' | 'task' | 'both' | null;
  readonly does: CodeAction;
  readonly meaning: string;
}

const ok = { action: 'ok' } as const;
const empty = { action: 'empty' } as const;
const retry = { action: 'retry' } as const;
const fail = { action: 'fail' } as const;
const split = { action: 'split' } as const;
const stop = { action: 'stop' } as const;
const wait = (waitMs: number) => ({ action: 'wait', waitMs }) as const;
const slow = (waitMs: number, met: LimitMet) => ({ action: 'slow', waitMs, met }) as const;
const pause = (reason: OutageReason) => ({ action: 'pause', reason }) as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The upstream's status codes. Only the number decides, because messages vary. The one exception is 40501, whose message names a
 * field. docs/status-codes.md is written from this table.
 */
export const STATUS_CODES: Readonly<Record<number, CodeEntry>> = {
  20000: { level: 'both', does: ok, meaning: 'done; the result may still hold nothing' },
  20100: { level: 'task', does: fail, meaning: 'a task was created; a live endpoint does not answer so' },
  40000: { level: 'task', does: fail, meaning: 'more than one task in a call' },
  40001: { level: 'task', does: fail, meaning: 'the id belongs to another client' },
  40002: { level: 'task', does: fail, meaning: 'the id belongs to another search engine' },
  40003: { level: 'task', does: fail, meaning: 'the id belongs to another search type' },
  40004: { level: 'task', does: fail, meaning: 'the id belongs to another function' },
  40006: { level: null, does: fail, meaning: 'more than 100 tasks posted at once' },
  40100: { level: 'envelope', does: pause('upstream_auth'), meaning: 'the credentials are not accepted' },
  40101: { level: 'task', does: retry, meaning: 'a search engine failed; charged without a result' },
  40102: { level: 'task', does: empty, meaning: 'nothing was found' },
  40103: { level: 'task', does: retry, meaning: 'the task failed; the upstream asks to send it again' },
  40104: { level: 'envelope', does: pause('upstream_blocked'), meaning: 'the account is not verified yet' },
  40106: { level: 'task', does: ok, meaning: 'partial results; an answer without any is sent again' },
  40200: { level: 'envelope', does: pause('upstream_funds'), meaning: 'payment is required' },
  40201: { level: 'envelope', does: pause('upstream_blocked'), meaning: 'the vendor has paused the account' },
  40202: { level: 'envelope', does: slow(5_000, 'rate'), meaning: 'too many calls per minute' },
  40203: {
    level: null,
    does: pause('upstream_daily_limit'),
    meaning: 'the daily cost limit of the account is reached',
  },
  40204: { level: 'task', does: pause('upstream_blocked'), meaning: 'no subscription to this API' },
  40205: { level: null, does: wait(HOUR_MS), meaning: 'the hourly limit of identical tasks is reached' },
  40206: { level: null, does: wait(DAY_MS), meaning: 'the daily limit of identical tasks is reached' },
  40207: { level: 'envelope', does: pause('upstream_blocked'), meaning: "our IP address is not on the account's list" },
  40209: { level: 'envelope', does: slow(1_000, 'in_flight'), meaning: 'too many calls at once' },
  40210: { level: null, does: pause('upstream_funds'), meaning: 'the balance is too low for this call' },
  40400: { level: 'envelope', does: fail, meaning: 'the URL does not exist' },
  40401: { level: 'task', does: fail, meaning: 'the task does not exist' },
  40402: { level: null, does: fail, meaning: 'the path does not exist' },
  40403: { level: 'task', does: fail, meaning: 'the results have expired' },
  40404: { level: 'task', does: fail, meaning: 'the sandbox has no data for this' },
  40405: { level: 'task', does: split, meaning: 'the page has too little text' },
  40406: { level: 'task', does: split, meaning: 'the page was not submitted for crawling' },
  40407: { level: 'task', does: split, meaning: 'the host is in the task twice' },
  40408: { level: 'task', does: split, meaning: 'the URL of a target is invalid' },
  40501: { level: 'task', does: split, meaning: 'a field is invalid' },
  40502: { level: 'envelope', does: fail, meaning: 'the body is empty' },
  40503: { level: 'envelope', does: fail, meaning: 'the body cannot be read' },
  40504: { level: 'task', does: fail, meaning: 'too many intersecting keywords' },
  40505: { level: 'task', does: fail, meaning: 'the requested data is out of date' },
  40506: { level: 'task', does: stop, meaning: 'a field is unknown' },
  40601: { level: 'task', does: retry, meaning: 'the task was handed over and is not queued yet' },
  40602: { level: 'task', does: retry, meaning: 'the task waits in a queue' },
  50000: { level: 'both', does: retry, meaning: 'an internal error' },
  50001: { level: 'envelope', does: retry, meaning: 'the balance could not be checked' },
  50100: { level: 'task', does: fail, meaning: 'not implemented; the only 5xxxx that is not sent again' },
  50301: { level: 'task', does: retry, meaning: 'a service behind the API is unavailable' },
  50303: { level: null, does: retry, meaning: 'an update is under way' },
  50304: { level: null, does: retry, meaning: 'the function is unavailable, temporarily or for good' },
  50401: { level: 'task', does: retry, meaning: "the upstream's own time-out of 120 s" },
  50402: { level: 'task', does: retry, meaning: 'a page took too long to respond' },
};

export const INVALID_FIELD = 40501;

/** What to do at a code. Codes that are not listed: 4xxxx fails, 5xxxx is retried. */
export function actionOf(code: number, message = ''): CodeAction {
  if (code === INVALID_FIELD) return actionOfInvalid(fieldIn(message));
  return STATUS_CODES[code]?.does ?? (code >= 50_000 ? retry : fail);
}

/** `offset` differs from page to page, so only that call fails. All other fields except the targets are the same in every call. */
function actionOfInvalid(field: string | null): CodeAction {
  if (field === null || field === 'target' || field === 'targets') return split;
  return field === 'offset' ? fail : stop;
}

/** The field that a message names, such as `targets` in `Invalid Field: 'targets'.` */
function fieldIn(message: string): string | null {
  return /invalid field:\s*['"`]?([a-z_]+)/i.exec(message)?.[1]?.toLowerCase() ?? null;
}

/**
 * Gateway errors which mean, at any HTTP status, that the upstream was not asked. The gateway's errors about billing and about its
 * connection to the upstream (`metered_v2_billing_…`, `provider_unavailable`, …) are not among them: they may come after the call
 * was executed, even if they say `retryable`.
 */
export const NOT_EXECUTED: Readonly<Record<string, string>> = {
  authentication_unavailable: 'the gateway could not check the credentials',
};
