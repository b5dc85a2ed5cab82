import { PROBLEMS, type Problem, type ProblemCode, type ProblemDetail, problemType } from '@linkhaul/schemas';

interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal on its way to the client: thrown anywhere below a route, answered in one place. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  /** `detail` says what the caller should do. */
  constructor(code: ProblemCode, detail: string, { errors = [], headers = {} }: ProblemOptions = {}) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

export function problemResponse(problem: ApiProblem): Response {
  const { status, title } = PROBLEMS[problem.code];
  const body: Problem = {
    type: problemType(problem.code),
    title,
    status,
    detail: problem.message,
    ...(problem.errors.length > 0 && { errors: [...problem.errors] }),
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...problem.headers } });
}

/** Something of the contract that this version does not have: named, never ignored. */
export function notAvailable(what: string): ApiProblem {
  const detail = `${what} is not available in this version.`;
  return new ApiProblem('not_available', `${detail} Leave it out.`, {
    errors: [{ code: 'not_available', message: detail }],
  });
}

/** The pointer `''` is the whole body: then the message is a sentence. */
export function invalidRequest(pointer: string, message: string): ApiProblem {
  return new ApiProblem('invalid_request', pointer === '' ? message : `${pointer}: ${message}`, {
    errors: [{ pointer, code: 'invalid', message }],
  });
}
