import type { CodeAction } from './status-codes.js';

/** An HTTP status that decides by itself. `always`: even if the body is an API answer. */
interface StatusEntry {
  readonly does: Extract<CodeAction, { action: 'fail' | 'pause' | 'slow' }>;
  readonly always: boolean;
  readonly meaning: string;
}

/** A gateway or the upstream's server refused the request before anything ran. */
const refused = (meaning: string): StatusEntry => ({ does: { action: 'fail' }, always: false, meaning });

/** At every other status the body decides. If it is not an API answer, the call may have been executed. */
export const HTTP_STATUSES: Readonly<Record<number, StatusEntry>> = {
  400: refused('bad request'),
  401: {
    does: { action: 'pause', reason: 'upstream_auth' },
    always: true,
    meaning: 'the credentials are not accepted',
  },
  402: { does: { action: 'pause', reason: 'upstream_funds' }, always: true, meaning: 'payment is required' },
  403: refused('forbidden'),
  404: refused('not found'),
  405: refused('the method is not allowed'),
  406: refused('not acceptable'),
  409: refused('conflict'),
  411: refused('length required'),
  413: refused('the body is too large'),
  414: refused('the URL is too long'),
  415: refused('unsupported media type'),
  422: refused('the request cannot be processed'),
  429: { does: { action: 'slow', waitMs: 5_000, met: 'too_many' }, always: true, meaning: 'too many requests' },
  431: refused('the headers are too large'),
};
