import type { AppContext } from '../context.js';

/** A gateway's own errors are not of one form: which of the three it is depends on the part that refuses. */
type GatewayError =
  | { readonly error: string }
  | { readonly code: string; readonly error: string; readonly request_id: string }
  | { readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } };

/** Answers with an error of the gateway's own, and notes it in the record. Nothing was run. */
export function refuse(c: AppContext, httpStatus: 400 | 401 | 402 | 404 | 429 | 502, error: GatewayError): Response {
  c.get('request').http_status = httpStatus;
  return c.json(error, httpStatus);
}
