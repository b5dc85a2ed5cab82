import type { Problem } from '@linkhaul/schemas';

/** The service refused. `problem.detail` says what to do. The same request is refused again, unless `retryable`. */
export class LinkhaulProblem extends Error {
  override readonly name = 'LinkhaulProblem';
  readonly status: number;
  readonly problem: Problem;
  /** How long the service asks to wait, in milliseconds. Null if it does not say. */
  readonly retryAfterMs: number | null;

  constructor(status: number, problem: Problem, retryAfterMs: number | null = null) {
    super(`${problem.title}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** The stable part of the problem's type, such as `not_found`. */
  get code(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf(':') + 1);
  }

  /** True if the state of the service was the reason and not the request, so that the same request may succeed later. */
  get retryable(): boolean {
    const transient = [408, 429].includes(this.status) || this.status >= 500;
    // The first request with the same key ends at some point.
    return transient || this.code === 'idempotency_key_busy';
  }
}

/**
 * No whole answer came: the connection was refused, cut or too slow. Reading again is safe. A submission may have been
 * accepted, so send it again with the same idempotency key.
 */
export class LinkhaulUnreachable extends Error {
  override readonly name = 'LinkhaulUnreachable';

  constructor(url: string, cause: unknown) {
    super(`No answer from ${url}: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * The answer is not in Linkhaul's form: the base URL is another server's, the service has another version, or a proxy or a
 * login page answered.
 */
export class LinkhaulUnexpectedAnswer extends Error {
  override readonly name = 'LinkhaulUnexpectedAnswer';
  readonly status: number;

  constructor(answer: { url: string; status: number }, cause: unknown) {
    super(`${answer.url} answered ${answer.status}, not in Linkhaul's form: ${reasonOf(cause)}`, { cause });
    this.status = answer.status;
  }

  /** True if a proxy may have answered for a service that was down: the same request may succeed later. */
  get retryable(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

export type WebhookRejection = 'missing_headers' | 'bad_timestamp' | 'too_old' | 'too_new' | 'wrong_signature';

/** A delivery that must not be trusted. Answer it with 400 and do nothing else. */
export class WebhookRejected extends Error {
  override readonly name = 'WebhookRejected';
  readonly code: WebhookRejection;

  constructor(code: WebhookRejection, message: string) {
    super(message);
    this.code = code;
  }
}

/** fetch hides the reason ("fetch failed") in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error && error.cause.message !== '') return error.cause.message;
  return error.message === '' ? error.name : error.message;
}
