import { type Endpoint, type EndpointName, endpointOf, type IdListRequest } from '@linkhaul/schemas';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { withDeadline } from '../deadline.js';
import { type FlavourName, flavourOf } from './flavours.js';
import { type AccountReply, accountOf, failedOf } from './free-reply.js';
import { createLargeBodies } from './large-bodies.js';
import { readIdList } from './read-id-list.js';
import { failureOf, readReply } from './read-reply.js';
import type { PageReply } from './record-page.js';
import { type FailedReply, readHeaders, type UpstreamReply } from './reply.js';

/** Closed before the usual servers close theirs (5 s), so that a request never goes into a connection that is ending. */
const KEEP_ALIVE_MS = 4_000;
/** Short, because the permit counts on a send being on time; a connection that failed sent nothing. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Large answers in memory at once. */
const LARGE_ANSWERS = 4;

export type UpstreamAuth = { readonly login: string; readonly password: string } | { readonly token: string };

export interface UpstreamOptions {
  readonly url: string;
  readonly flavour: FlavourName;
  readonly auth: UpstreamAuth;
  /** Live calls take an array of one task; some gateways want the bare object. */
  readonly body: 'array' | 'object';
  readonly timeoutMs: number;
  /** The most bytes that are kept of one answer. */
  readonly maxAnswerBytes: number;
  readonly proxy?: { readonly httpsProxy?: string; readonly noProxy?: string };
}

export type IdListReply =
  | Exclude<PageReply, { kind: 'entries' }>
  /** `clockAhead`: how far the upstream's clock was ahead of ours, in ms. */
  | (Extract<PageReply, { kind: 'entries' }> & { readonly clockAhead: number | null });

/** The upstream's Backlinks API. Sends each request once: whether to send again is not for this client to say. */
export interface Upstream {
  readonly host: string;
  /** False where this provider surely has no record of calls: then there is nothing to ask. */
  readonly mayHaveRecord: boolean;
  /** How far the upstream's clock is ahead of this machine's, in ms, by its last answer; null before the first. */
  clockAhead(): number | null;
  /**
   * One live call with one task. Aborting may leave it running at the upstream. Of the items of a long answer the envelope may have
   * nothing but the member by which each is known; its bytes have everything.
   */
  call(endpoint: EndpointName, task: Record<string, unknown>, signal?: AbortSignal): Promise<UpstreamReply>;
  /** One page of the upstream's record of calls. */
  idList(query: IdListRequest, signal?: AbortSignal): Promise<IdListReply>;
  /** Whether this provider says anything of the account. */
  readonly hasAccount: boolean;
  /** What the upstream says of the account, free of charge: whether the credentials are good, and the money left. */
  account(signal?: AbortSignal): Promise<AccountReply>;
  close(): Promise<void>;
}

interface Reading<R> {
  read(response: Dispatcher.ResponseData): Promise<R>;
  readonly signal: AbortSignal | undefined;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { url, body, timeoutMs } = options;
  const flavour = flavourOf(options.flavour);
  const dispatcher = createDispatcher(options);
  const base = url.replace(/\/+$/, '');
  const reading = { maxBytes: options.maxAnswerBytes, large: createLargeBodies(LARGE_ANSWERS) };
  const read = (response: Dispatcher.ResponseData) => readReply(response, { ...reading, naming: null });
  const readCall = (endpoint: Endpoint) => (response: Dispatcher.ResponseData) =>
    readReply(response, { ...reading, naming: namingFieldOf(endpoint) });
  let clockAhead: number | null = null;

  /** A `GET` where there is no task. */
  const exchange = async <R>(path: string, task: unknown, { read, signal }: Reading<R>): Promise<R> => {
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
    clockAhead = aheadOf(response) ?? clockAhead;
    return read(response);
  };
  const send = async <R>(path: string, task: unknown, { read, signal }: Reading<R>): Promise<R | FailedReply> => {
    try {
      return await withDeadline(timeoutMs, signal, (inTime) => exchange(path, task, { read, signal: inTime }));
    } catch (error) {
      return failureOf(error);
    }
  };

  return {
    host: new URL(url).host,
    mayHaveRecord: flavour.idListPath !== null,
    hasAccount: flavour.accountPath !== null,
    clockAhead: () => clockAhead,
    call: (endpoint, task, signal) =>
      send(flavour.callPath(endpoint), task, { read: readCall(endpointOf(endpoint)), signal }),
    async idList(query, signal) {
      if (flavour.idListPath === null) return { kind: 'no_record' };
      let ahead: number | null = null;
      const readPage = (response: Dispatcher.ResponseData) => {
        ahead = aheadOf(response);
        return readIdList(response);
      };
      const reply = await send(flavour.idListPath, query, { read: readPage, signal });
      if (reply.kind === 'entries') return { ...reply, clockAhead: ahead };
      return reply.kind === 'no_record' || reply.kind === 'failed' ? reply : failedOf(reply);
    },
    async account(signal) {
      if (flavour.accountPath === null) return { kind: 'no_account' };
      return accountOf(await send(flavour.accountPath, null, { read, signal }));
    },
    close: () => dispatcher.close(),
  };
}

function namingFieldOf(endpoint: Endpoint): string {
  return endpoint.kind === 'bulk' ? endpoint.targetField : endpoint.keyField;
}

/** To be asked before the body is read: that may take seconds. */
function aheadOf({ headers }: Dispatcher.ResponseData): number | null {
  const now = Date.now();
  const { date } = readHeaders(headers, now);
  return date === null ? null : date - now;
}

function createDispatcher({ proxy, timeoutMs }: UpstreamOptions): Dispatcher {
  const settings = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // The timeout of a request is its signal's; these must not cut it short.
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
