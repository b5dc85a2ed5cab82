import type { AnswerEnvelope } from '@linkhaul/schemas';
import { retryAfter } from '../retry-after.js';

/** What came as an answer: where it came compressed by gzip, these bytes alone, since the others take twenty times the memory. */
export type AnswerBytes =
  | { readonly body: Buffer; readonly packed: null }
  | { readonly body: null; readonly packed: Buffer };

/**
 * What became of one request, as far as this side can tell. Nothing is thrown: each case says what may be done next.
 * `unsent`: surely nothing reached the upstream, sending again is safe.
 * `gateway_error`: a gateway in front of the upstream has ended the request with an error of its own; its HTTP status
 * and code say whether anything can have been executed.
 * `unreadable`: it may have been executed and charged, and its answer is not at hand, or is none of this API. Never send
 * again blindly.
 */
export type UpstreamReply =
  | (AnswerBytes & {
      readonly kind: 'answer';
      readonly httpStatus: number;
      readonly envelope: AnswerEnvelope;
      readonly headers: ReplyHeaders;
    })
  | {
      readonly kind: 'gateway_error';
      readonly httpStatus: number;
      /** The gateway's own code, where it names one. */
      readonly code: string | null;
      readonly reason: string;
      readonly headers: ReplyHeaders;
    }
  | {
      readonly kind: 'unreadable';
      readonly httpStatus: number | null;
      readonly reason: string;
      readonly headers: ReplyHeaders | null;
      /** True when the upstream is not at the request any more: its response came whole, or went on beyond all bounds. */
      readonly ended: boolean;
      /** The body of a response that came whole, or, where it is longer than allowed, its first bytes; else null. */
      readonly body: Buffer | null;
      /** True where the body is longer than allowed. */
      readonly isCut: boolean;
    }
  | { readonly kind: 'unsent'; readonly reason: string };

type AnswerReply = Extract<UpstreamReply, { kind: 'answer' }>;
export type FailedReply = Exclude<UpstreamReply, AnswerReply>;

/** To a request that is no call: nobody keeps the bytes of its answer. */
export type FreeReply = Omit<AnswerReply, 'body' | 'packed'> | FailedReply;

export interface ReplyHeaders {
  /** The upstream's clock, ms since the epoch. */
  readonly date: number | null;
  readonly retryAfterMs: number | null;
  readonly simulated: boolean;
  /** What a gateway calls this request: its support asks for it. */
  readonly requestId: string | null;
}

type RawHeaders = Record<string, string | string[] | undefined>;

export function readHeaders(raw: RawHeaders, now: number): ReplyHeaders {
  const date = Date.parse(first(raw.date) ?? '');
  return {
    date: Number.isNaN(date) ? null : date,
    // A date is by the upstream's clock, as that of the answer is.
    retryAfterMs: retryAfter(first(raw['retry-after']), Number.isNaN(date) ? now : date),
    simulated: first(raw['x-linkhaul-simulated']) !== undefined,
    requestId: first(raw['x-request-id']) ?? null,
  };
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
