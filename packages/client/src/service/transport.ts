import type { z } from 'zod';
import { withDeadline } from '../deadline.js';
import { bodyOf, type Format, MEDIA_TYPES, parseAnswer, refusalOf, requireNoContent, requireType } from './answer.js';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';
import { type CallOptions, get, type Path, type Request } from './request.js';
import { baseOf } from './service-url.js';

export interface LinkhaulOptions {
  /** `http://127.0.0.1:8080`, with a path if the service is below one. Anything else throws a `TypeError`. */
  readonly baseUrl: string | URL;
  readonly apiKey?: string | undefined;
  /** For a test, or to send requests through a proxy. */
  readonly fetch?: typeof fetch;
}

interface Reading {
  /** Without a whole answer in this time, in ms, it throws `LinkhaulUnreachable`. Default: 60,000. Null: no limit. */
  readonly answerWithinMs?: number | null | undefined;
  /** Gets the headers of a 2xx answer before its body is read. */
  readonly onHeaders?: (headers: Headers) => void;
}

/** A 2xx answer whose body is still to be read. */
export interface StreamedAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
}

interface StreamOptions extends CallOptions {
  readonly format: Format;
}

/** Every answer outside of 2xx is thrown, as one of this client's errors. */
export interface Transport {
  /** A 2xx answer. Its body is neither read nor checked. */
  send(request: Request): Promise<Response>;
  /** A `GET` of a body in this format, without a time limit. */
  stream(path: Path, options: StreamOptions): Promise<StreamedAnswer>;
  /** A whole JSON body, parsed. */
  read<S extends z.ZodType>(request: Request, schema: S, reading?: Reading): Promise<z.output<S>>;
}

const ANSWER_WITHIN_MS = 60_000;

export function createTransport(options: LinkhaulOptions): Transport {
  const base = baseOf(options.baseUrl);
  const send = options.fetch ?? fetch;
  const authorization = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };

  const exchange = async (request: Request, url: string): Promise<Response> => {
    const response = await sendRequest(send, url, initOf(request, authorization));
    if (!response.ok) throw await refusalOf(response, url);
    if (request.method === 'DELETE') await requireNoContent(response);
    return response;
  };
  return {
    send(request) {
      const url = urlOf(base, request);
      return withClientErrors(request, url, () => exchange(request, url));
    },
    stream(path, options) {
      const request = { ...get(path, options), headers: { accept: MEDIA_TYPES[options.format] } };
      const url = urlOf(base, request);
      return withClientErrors(request, url, async () => {
        const response = await exchange(request, url);
        await requireType(response, options.format);
        const { status, headers } = response;
        return { url: response.url, status, headers, body: bodyOf(response, request.signal) };
      });
    },
    read(request, schema, { answerWithinMs = ANSWER_WITHIN_MS, onHeaders } = {}) {
      const url = urlOf(base, request);
      const receive = async (signal: AbortSignal | undefined) => {
        const response = await exchange({ ...request, signal }, url);
        onHeaders?.(response.headers);
        return parseAnswer(schema, await response.text(), { url, status: response.status });
      };
      return withClientErrors(request, url, () =>
        answerWithinMs === null ? receive(request.signal) : withDeadline(answerWithinMs, request.signal, receive),
      );
    },
  };
}

/** The service may close a kept connection just when a request is written to it. A GET is then sent once more. */
async function sendRequest(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
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

/** Turns what fetch throws into `LinkhaulUnreachable`, except the reason of the caller's own signal. */
async function withClientErrors<T>({ signal }: Request, url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isAnswer = error instanceof LinkhaulProblem || error instanceof LinkhaulUnexpectedAnswer;
    if (isAnswer) throw error;
    if (signal?.aborted) throw signal.reason;
    throw error instanceof LinkhaulUnreachable ? error : new LinkhaulUnreachable(url, error);
  }
}

function urlOf(base: string, { path, query }: Request): string {
  return `${base}/v1/${path.map(encodeURIComponent).join('/')}${query.size === 0 ? '' : `?${query}`}`;
}

function initOf({ method, headers, body, signal }: Request, authorization: Record<string, string>): RequestInit {
  return {
    method,
    headers: { accept: 'application/json', ...authorization, ...headers },
    ...(body !== undefined && { body, duplex: 'half' as const }),
    ...(signal !== undefined && { signal }),
  };
}
