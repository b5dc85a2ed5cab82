import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { withDeadline } from '../deadline.js';
import { failureOf } from './read-reply.js';
import { type FailedReply, readHeaders } from './reply.js';

/** Shorter than the usual server's 5 s, so that a request never uses a connection that the server is closing. */
const KEEP_ALIVE_MS = 4_000;
/** Short, because the permit is for a send at its time. A connection that failed has sent nothing. */
const CONNECT_TIMEOUT_MS = 3_000;

export type UpstreamAuth = { readonly login: string; readonly password: string } | { readonly token: string };

export interface ExchangeOptions {
  /** The base URL, such as `https://api.dataforseo.com`. */
  readonly url: string;
  readonly auth: UpstreamAuth;
  /** Live calls take an array of one task; some gateways want the bare object. */
  readonly body: 'array' | 'object';
  readonly timeoutMs: number;
  readonly proxy?: { readonly httpsProxy?: string; readonly noProxy?: string };
}

interface Reading<R> {
  readonly read: (response: Dispatcher.ResponseData) => Promise<R>;
  readonly signal: AbortSignal | undefined;
}

export interface Exchange {
  /** Sends one request, a `GET` if the task is null, and reads its answer. Never rejects. */
  send<R>(path: string, task: unknown, reading: Reading<R>): Promise<R | FailedReply>;
  /** How far the upstream's clock is ahead of this machine's, in ms, by its last answer. Null before the first. */
  clockAhead(): number | null;
  close(): Promise<void>;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { url, body, timeoutMs } = options;
  const dispatcher = createDispatcher(options);
  const base = url.replace(/\/+$/, '');
  let clockAhead: number | null = null;

  const sendOnce = async <R>(path: string, task: unknown, { read, signal }: Reading<R>): Promise<R> => {
    const response = await request(`${base}${path}`, {
      dispatcher,
      ...(task === null
        ? { method: 'GET' }
        : { method: 'POST', body: JSON.stringify(body === 'array' ? [task] : task) }),
      headers: {
        authorization: authorization(options.auth),
        ...(task !== null && { 'content-type': 'application/json' }),
        accept: 'application/json',
        'accept-encoding': 'gzip',
      },
      signal,
    });
    clockAhead = clockAheadIn(response) ?? clockAhead;
    return read(response);
  };
  return {
    async send(path, task, { read, signal }) {
      try {
        return await withDeadline(timeoutMs, signal, (inTime) => sendOnce(path, task, { read, signal: inTime }));
      } catch (error) {
        return failureOf(error);
      }
    },
    clockAhead: () => clockAhead,
    close: () => dispatcher.close(),
  };
}

/** By the `Date` header, in ms. Null without one. Call it before the body is read, which may take seconds. */
export function clockAheadIn({ headers }: Dispatcher.ResponseData): number | null {
  const now = Date.now();
  const { date } = readHeaders(headers, now);
  return date === null ? null : date - now;
}

function createDispatcher({ proxy, timeoutMs }: ExchangeOptions): Dispatcher {
  const settings = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // The deadline's signal ends a request; undici's own time-outs must not end it before.
    headersTimeout: timeoutMs + KEEP_ALIVE_MS,
    bodyTimeout: timeoutMs + KEEP_ALIVE_MS,
    pipelining: 1,
  };
  if (proxy?.httpsProxy === undefined) return new Agent(settings);
  return new EnvHttpProxyAgent({ ...settings, httpsProxy: proxy.httpsProxy, noProxy: proxy.noProxy ?? '' });
}

function authorization(auth: UpstreamAuth): string {
  if ('token' in auth) return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.login}:${auth.password}`).toString('base64')}`;
}
