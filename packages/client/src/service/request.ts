import { jsonFields, queryOf } from './query.js';

/** What every method takes. */
export interface CallOptions {
  /** Ends the request, which then fails with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface PageOptions extends CallOptions {
  /** `next_cursor` of the page before. Default: the first page. */
  readonly cursor?: string;
  readonly limit?: number;
}

/** Segments of a path below `/v1`, encoded when sent: `['tags', 'a/b']` is `/v1/tags/a%2Fb`. */
export type Path = readonly string[];

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: Path;
  readonly query: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly signal: AbortSignal | undefined;
}

// In all four, the options without the signal are the query, so that no method has to name them.

export function get(path: Path, options: CallOptions = {}): Request {
  return requestOf('GET', path, options);
}

/** Without a body if there is nothing to send. */
export function post(path: Path, options: CallOptions = {}, json?: unknown): Request {
  return { ...requestOf('POST', path, options), ...(json !== undefined && jsonBody(json)) };
}

export function put(path: Path, options: CallOptions = {}, json: unknown): Request {
  return { ...requestOf('PUT', path, options), ...jsonBody(json) };
}

export function remove(path: Path, options: CallOptions = {}): Request {
  return requestOf('DELETE', path, options);
}

/** The options are the JSON body, by the service's names: `{ maxCostUsd: 2 }` is `{"max_cost_usd":2}`. */
export function postOptions(path: Path, { signal, ...options }: CallOptions = {}): Request {
  return post(path, { signal }, jsonFields(options));
}

function requestOf(method: Request['method'], path: Path, { signal, ...options }: CallOptions): Request {
  return { method, path, query: queryOf(options), signal };
}

function jsonBody(value: unknown): Pick<Request, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
