import { PROBLEMS, type Problem, type ProblemCode, type ProblemDetail, problemType } from '@linkhaul/schemas';

interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal: thrown anywhere below a route, and turned into an answer in app.ts. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  /** `detail` tells the caller what to do. */
  constructor(code: ProblemCode, detail: string, { errors = [], headers = {} }: ProblemOptions = {}) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** These texts may contain names and values that the client sent, so they are cut at these lengths. */
const MOST = { detail: 2_000, message: 1_000, pointer: 128 } as const;

export function problemResponse(problem: ApiProblem): Response {
  const { status, title } = PROBLEMS[problem.code];
  const body: Problem = {
    type: problemType(problem.code),
    title,
    status,
    detail: beginningOf(problem.message, MOST.detail),
    ...(problem.errors.length > 0 && { errors: problem.errors.map(shortened) }),
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...problem.headers } });
}

function shortened({ pointer, message, ...rest }: ProblemDetail): ProblemDetail {
  return {
    ...rest,
    ...(pointer !== undefined && { pointer: beginningOf(pointer, MOST.pointer) }),
    message: beginningOf(message, MOST.message),
  };
}

/** The beginning of a text. Half of a surrogate pair at its end is dropped: it has no UTF-8 form. */
export function beginningOf(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Refuses an option of the contract that this version does not have. */
export function notAvailable(what: string): ApiProblem {
  const detail = `${what} is not available in this version.`;
  return new ApiProblem('not_available', `${detail} Leave it out.`, {
    errors: [{ code: 'not_available', message: detail }],
  });
}

/** Refuses one field. With the pointer `''`, for the whole body, the message is a sentence. */
export function invalidRequest(pointer: string, message: string): ApiProblem {
  return new ApiProblem('invalid_request', pointer === '' ? message : `${pointer}: ${message}`, {
    errors: [{ pointer, code: 'invalid', message }],
  });
}
