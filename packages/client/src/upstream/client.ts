import type { EndpointName, IdListRequest } from '@linkhaul/schemas';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { type FlavourName, flavourOf } from './flavours.js';
import { type AccountReply, accountOf, entriesOf, type IdListReply } from './free-reply.js';
import { failureOf, readReply } from './read-reply.js';
import type { UpstreamReply } from './reply.js';

/** Closed before the usual servers close theirs (5 s), so that a request never goes into a connection that is ending. */
const KEEP_ALIVE_MS = 4_000;
/** Short, because the permit counts on a send being on time; a connection that failed sent nothing. */
const CONNECT_TIMEOUT_MS = 3_000;

export type UpstreamAuth = { readonly login: string; readonly password: string } | { readonly token: string };

export interface UpstreamOptions {
  readonly url: string;
  readonly flavour: FlavourName;
  readonly auth: UpstreamAuth;
  /** Live calls take an array of one task; some gateways want the bare object. */
  readonly body: 'array' | 'object';
  readonly timeoutMs: number;
  readonly proxy?: { readonly httpsProxy?: string; readonly noProxy?: string };
}

/** The upstream's Backlinks API. Sends each request once: whether to send again is not for this client to say. */
export interface Upstream {
  readonly host: string;
  /** One live call with one task. Aborting may leave it running at the upstream. */
  call(endpoint: EndpointName, task: Record<string, unknown>, signal?: AbortSignal): Promise<UpstreamReply>;
  /** One page of the upstream's record of calls. */
  idList(query: IdListRequest, signal?: AbortSignal): Promise<IdListReply>;
  /** Whether this provider says anything of the account. */
  readonly hasAccount: boolean;
  /** What the upstream says of the account, free of charge: whether the credentials are good, and the money left. */
  account(signal?: AbortSignal): Promise<AccountReply>;
  close(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { url, body, timeoutMs } = options;
  const flavour = flavourOf(options.flavour);
  const dispatcher = createDispatcher(options);
  const base = url.replace(/\/+$/, '');

  /** A `GET` where there is no task. */
  const send = async (path: string, task: unknown, signal?: AbortSignal): Promise<UpstreamReply> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
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
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return await readReply(response);
    } catch (error) {
      return failureOf(error);
    }
  };

  return {
    host: new URL(url).host,
    hasAccount: flavour.accountPath !== null,
    call: (endpoint, task, signal) => send(flavour.callPath(endpoint), task, signal),
    async idList(query, signal) {
      if (flavour.idListPath === null) return { kind: 'no_record' };
      return entriesOf(await send(flavour.idListPath, query, signal));
    },
    async account(signal) {
      if (flavour.accountPath === null) return { kind: 'no_account' };
      return accountOf(await send(flavour.accountPath, null, signal));
    },
    close: () => dispatcher.close(),
  };
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
