import type { AnswerEnvelope, BodyBytes } from '@linkhaul/schemas';
import { retryAfter } from '../retry-after.js';

/**
 * What became of one request, as far as this side knows. Nothing is thrown.
 * `unsent`: certainly nothing reached the upstream; sending again is safe.
 * `gateway_error`: a gateway in front of the upstream ended the request. Its HTTP status and code say whether the call can
 * have been executed.
 * `unreadable`: the call may have been executed and charged, but its answer did not come or is not an answer of this API. It
 * must not be sent again before the upstream's record was checked.
 */
export type UpstreamReply =
  | (BodyBytes<Buffer> & {
      readonly kind: 'answer';
      readonly httpStatus: number;
      readonly envelope: AnswerEnvelope;
      readonly headers: ReplyHeaders;
    })
  | {
      readonly kind: 'gateway_error';
      readonly httpStatus: number;
      /** The gateway's own code, if it gave one. */
      readonly code: string | null;
      readonly reason: string;
      readonly headers: ReplyHeaders;
    }
  | {
      readonly kind: 'unreadable';
      readonly httpStatus: number | null;
      readonly reason: string;
      readonly headers: ReplyHeaders | null;
      /** True if the upstream no longer works on the request: its response was whole, or longer than allowed. */
      readonly ended: boolean;
      /** The body of a whole response, or the first bytes of one that is longer than allowed; else null. */
      readonly body: Buffer | null;
      /** True if `body` has only the first bytes. */
      readonly isCut: boolean;
    }
  | { readonly kind: 'unsent'; readonly reason: string };

type AnswerReply = Extract<UpstreamReply, { kind: 'answer' }>;
export type FailedReply = Exclude<UpstreamReply, AnswerReply>;

/** The reply to a request that is not a call. The bytes of its answer are not kept. */
export type FreeReply = Omit<AnswerReply, 'body' | 'packed'> | FailedReply;

export interface ReplyHeaders {
  /** The `Date` header: the upstream's clock, ms since the epoch. */
  readonly date: number | null;
  readonly retryAfterMs: number | null;
  readonly simulated: boolean;
  /** A gateway's id of this request, for questions to its support. */
  readonly requestId: string | null;
}

type RawHeaders = Record<string, string | string[] | undefined>;

export function readHeaders(raw: RawHeaders, now: number): ReplyHeaders {
  const date = Date.parse(first(raw.date) ?? '');
  return {
    date: Number.isNaN(date) ? null : date,
    // A date in Retry-After is by the upstream's clock, so it counts from the answer's own date.
    retryAfterMs: retryAfter(first(raw['retry-after']), Number.isNaN(date) ? now : date),
    simulated: first(raw['x-linkhaul-simulated']) !== undefined,
    requestId: first(raw['x-request-id']) ?? null,
  };
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
