import { CODES, isTask, type ListOf } from '@linkhaul/schemas/vendor';
import { type Face, upstreamFace } from '../face.js';
import { readPosted } from '../posted.js';
import { refuse } from './refuse.js';

/** A body: one task, or an array with one task. */
const listOf: ListOf = (json) => (Array.isArray(json) ? json : isTask(json) ? [json] : null);

/** The gateway passes the upstream's answers through unchanged and reports its own errors in its own form. */
export const gatewayFace: Face = {
  read: (request) => readPosted(request, listOf),
  refuse: (c, code, httpStatus) => {
    switch (code) {
      case CODES.emptyBody:
      case CODES.invalidBody:
        return refuse(c, 400, { error: 'request does not match the endpoint contract' });
      case CODES.funds: {
        const message = 'The wallet balance does not cover this request.';
        return refuse(c, 402, { error: { code: 'insufficient_wallet_balance', message, retryable: false } });
      }
      default:
        return upstreamFace.refuse(c, code, httpStatus);
    }
  },
};
