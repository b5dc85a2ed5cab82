import { problem } from '@linkhaul/schemas';
import type { z } from 'zod';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';

/** Where the service is and who asks. `fetch` is the one thing to replace in a test or behind a proxy. */
export interface LinkhaulOptions {
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
  /** No answer in this time is `LinkhaulUnreachable`. Null where a body streams: it takes as long as it takes. */
  readonly answerWithinMs?: number | null;
}

export interface Transport {
  /** An answer of 2xx; anything else is thrown. */
  send(request: Request): Promise<Response>;
  /** The same, with the whole body parsed. */
  read<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>>;
}

const ANSWER_WITHIN_MS = 60_000;

/** Sends requests and turns whatever comes back into a parsed answer or one of this client's errors. */
export function createTransport(options: LinkhaulOptions): Transport {
  const base = String(options.baseUrl).replace(/\/+$/, '');
  const send = options.fetch ?? fetch;
  const authorization = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };

  const transport: Transport = {
    async send(request) {
      const url = urlOf(base, request);
      const init = initOf(request, authorization);
      const response = await send(url, init).catch((error: unknown) => {
        throw request.signal?.aborted ? error : new LinkhaulUnreachable(url, error);
      });
      if (response.ok) return response;
      throw await refusalOf(response, url);
    },
    async read(request, schema) {
      const response = await transport.send({ answerWithinMs: ANSWER_WITHIN_MS, ...request });
      const url = urlOf(base, request);
      const text = await response.text().catch((error: unknown) => {
        throw request.signal?.aborted ? error : new LinkhaulUnreachable(url, error);
      });
      return parseAnswer(schema, text, { url, status: response.status });
    },
  };
  return transport;
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
  const signals = request.signal === undefined ? [] : [request.signal];
  if (typeof request.answerWithinMs === 'number') signals.push(AbortSignal.timeout(request.answerWithinMs));
  return {
    method: request.method ?? 'GET',
    headers: { accept: 'application/json, application/x-ndjson', ...authorization, ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body, duplex: 'half' as const }),
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
  };
}

async function refusalOf(response: Response, url: string): Promise<Error> {
  const answer = { url, status: response.status };
  try {
    return new LinkhaulProblem(response.status, parseAnswer(problem, await response.text(), answer));
  } catch (error) {
    return error instanceof LinkhaulUnexpectedAnswer ? error : new LinkhaulUnreachable(url, error);
  }
}
