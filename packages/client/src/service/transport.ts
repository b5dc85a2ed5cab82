import { problem } from '@linkhaul/schemas';
import type { z } from 'zod';
import { withDeadline } from '../deadline.js';
import { retryAfter } from '../retry-after.js';
import { bodyOf, type MediaType, requireType } from './body.js';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';
import { baseOf } from './service-url.js';

/** Where the service is and who asks. `fetch` is the one thing to replace in a test or behind a proxy. */
export interface LinkhaulOptions {
  /** Such as `http://127.0.0.1:8080`, with a path where the service stands below one. What is no such address is a `TypeError`. */
  readonly baseUrl: string | URL;
  readonly apiKey?: string | undefined;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments of the path below `/v1`; each is percent-encoded. */
  readonly path: readonly string[];
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

interface Reading extends Request {
  /** No whole answer in this time is `LinkhaulUnreachable`. Null where a body streams: it takes as long as it takes. */
  readonly answerWithinMs?: number | null;
  /** Gets the headers of an answer of 2xx. */
  readonly onHeaders?: (headers: Headers) => void;
}

/** An answer of any length, as it comes. */
export interface Streamed {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
}

export interface Transport {
  /** An answer of 2xx; anything else is thrown. Its body is not looked at. */
  send(request: Request): Promise<Response>;
  /** An answer of this type, for bodies that take as long as they take. */
  stream(request: Request, type: MediaType): Promise<Streamed>;
  /** An answer of JSON, with the whole body parsed. */
  read<S extends z.ZodType>(request: Reading, schema: S): Promise<z.output<S>>;
}

const ANSWER_WITHIN_MS = 60_000;

/** Sends requests and turns whatever comes back into a parsed answer or one of this client's errors. */
export function createTransport(options: LinkhaulOptions): Transport {
  const base = baseOf(options.baseUrl);
  const send = options.fetch ?? fetch;
  const authorization = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };

  const exchange = async (request: Request, url: string): Promise<Response> => {
    const response = await sending(send, url, initOf(request, authorization));
    if (!response.ok) throw await refusalOf(response, url);
    if (request.method === 'DELETE') await requireNothing(response);
    return response;
  };
  return {
    send(request) {
      const url = urlOf(base, request);
      return reaching(request, url, () => exchange(request, url));
    },
    stream(request, type) {
      const url = urlOf(base, request);
      return reaching(request, url, async () => {
        const response = await exchange({ ...request, headers: { accept: type, ...request.headers } }, url);
        await requireType(response, type);
        const { status, headers } = response;
        return { url: response.url, status, headers, body: bodyOf(response, request.signal) };
      });
    },
    read({ answerWithinMs = ANSWER_WITHIN_MS, onHeaders, ...request }, schema) {
      const url = urlOf(base, request);
      const receive = async (signal: AbortSignal | undefined) => {
        const response = await exchange({ ...request, signal }, url);
        onHeaders?.(response.headers);
        return parseAnswer(schema, await response.text(), { url, status: response.status });
      };
      return reaching(request, url, () =>
        answerWithinMs === null ? receive(request.signal) : withDeadline(answerWithinMs, request.signal, receive),
      );
    },
  };
}

/** The service may close a kept connection just when a request is written to it: a request that only reads is sent once more. */
async function sending(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch (error) {
    if (init.method !== 'GET' || !isClosedConnection(error)) throw error;
    return send(url, init);
  }
}

function isClosedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && (cause.code === 'UND_ERR_SOCKET' || cause.code === 'ECONNRESET');
}

/** What goes wrong on the way is `LinkhaulUnreachable`; what the caller ended fails with the reason that was given. */
async function reaching<T>({ signal }: Request, url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isAnswer = error instanceof LinkhaulProblem || error instanceof LinkhaulUnexpectedAnswer;
    if (isAnswer) throw error;
    if (signal?.aborted) throw signal.reason;
    throw error instanceof LinkhaulUnreachable ? error : new LinkhaulUnreachable(url, error);
  }
}

/** JSON text in the form of a schema, or the error that says whose it is not. */
export function parseAnswer<S extends z.ZodType>(
  schema: S,
  text: string,
  answer: { url: string; status: number },
): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new LinkhaulUnexpectedAnswer(answer, error);
  }
}

function urlOf(base: string, request: Request): string {
  const query = request.query === undefined || request.query.size === 0 ? '' : `?${request.query}`;
  return `${base}/v1/${request.path.map(encodeURIComponent).join('/')}${query}`;
}

function initOf(request: Request, authorization: Record<string, string>): RequestInit {
  return {
    method: request.method ?? 'GET',
    headers: { accept: 'application/json', ...authorization, ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body, duplex: 'half' as const }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
}

/** What is taken away leaves nothing to say: a page that says something is another's. */
async function requireNothing(response: Response): Promise<void> {
  if (response.status === 204) return;
  await response.body?.cancel();
  throw new LinkhaulUnexpectedAnswer(response, new Error('a removal is answered with 204'));
}

async function refusalOf(response: Response, url: string): Promise<Error> {
  const answer = { url, status: response.status };
  try {
    const said = parseAnswer(problem, await response.text(), answer);
    const waitMs = retryAfter(response.headers.get('retry-after') ?? undefined, Date.now());
    return new LinkhaulProblem(response.status, said, waitMs);
  } catch (error) {
    return error instanceof LinkhaulUnexpectedAnswer ? error : new LinkhaulUnreachable(url, error);
  }
}
