import type { AppContext } from '../context.js';

/** The gateway's errors have three forms, depending on the part of the gateway that refuses. */
type GatewayError =
  | { readonly error: string }
  | { readonly code: string; readonly error: string; readonly request_id: string }
  | { readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } };

/** Answers with an error of the gateway and records it. The task was not run. */
export function refuse(c: AppContext, httpStatus: 400 | 401 | 402 | 404 | 429 | 502, error: GatewayError): Response {
  c.get('request').http_status = httpStatus;
  return c.json(error, httpStatus);
}
