import { z } from 'zod';

/** Every problem that the API answers with: its HTTP status and its title. The code is the stable part. */
export const PROBLEMS = {
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_encoding: { status: 400, title: 'The bytes do not fit their encoding' },
  invalid_compression: { status: 400, title: 'The body is not a whole gzip stream' },
  body_incomplete: { status: 400, title: 'The body ended early' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'The key may not do this' },
  forbidden_origin: { status: 403, title: 'This server answers only to its own address' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  body_timeout: { status: 408, title: 'The body stopped coming' },
  conflict: { status: 409, title: 'Not possible in this state' },
  idempotency_key_busy: { status: 409, title: 'The first request with this key is still under way' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type of the body is not accepted' },
  range_not_satisfiable: { status: 416, title: 'There are no such bytes' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  budget_too_low: { status: 422, title: 'The budget is too low' },
  idempotency_key_reused: { status: 422, title: 'This key belongs to another request' },
  looks_separated: { status: 422, title: 'The rows look like columns' },
  invalid_rows: { status: 422, title: 'Some rows are invalid' },
  not_available: { status: 422, title: 'Not available yet' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Not able to serve now' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export const problemDetail = z
  .object({
    line: z.int().optional().describe('The line of the list, from 1.'),
    pointer: z.string().optional().describe('A JSON pointer into the body, or the name of a parameter.'),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'ProblemDetail', description: 'One thing that is wrong: where, and what.' });

export const problem = z
  .object({
    type: z.string().describe("`urn:linkhaul:problem:` and the problem's code; never changes."),
    title: z.string(),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What to do.'),
    errors: z.array(problemDetail).optional().describe('Set if several things are wrong, or one has a place.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457: why a request was refused.' });

export type ProblemDetail = z.infer<typeof problemDetail>;
export type Problem = z.infer<typeof problem>;

/** The stable `type` of a problem. */
export function problemType(code: ProblemCode): string {
  return `urn:linkhaul:problem:${code}`;
}
