import { type EndpointName, type IdListEntry, type IdListRequest, idListEntry, STATUS_OK } from '@linkhaul/schemas';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { z } from 'zod';
import { type FlavourName, flavourOf } from './flavours.js';
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

export type IdListReply =
  /** `length` counts what the page held, readable or not; `date` is the upstream's clock. */
  | {
      readonly kind: 'entries';
      readonly entries: IdListEntry[];
      readonly length: number;
      readonly date: number | null;
    }
  | { readonly kind: 'no_record' }
  /** `ended`: the upstream is not at it any more. */
  | { readonly kind: 'failed'; readonly reason: string; readonly ended: boolean };

/** The upstream's Backlinks API. Sends each request once: whether to send again is not for this client to say. */
export interface Upstream {
  readonly host: string;
  /** One live call with one task. Aborting may leave it running at the upstream. */
  call(endpoint: EndpointName, task: Record<string, unknown>, signal?: AbortSignal): Promise<UpstreamReply>;
  /** One page of the upstream's record of calls. */
  idList(query: IdListRequest, signal?: AbortSignal): Promise<IdListReply>;
  close(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { url, body, timeoutMs } = options;
  const flavour = flavourOf(options.flavour);
  const dispatcher = createDispatcher(options);
  const base = url.replace(/\/+$/, '');

  const post = async (path: string, task: unknown, signal?: AbortSignal): Promise<UpstreamReply> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(`${base}${path}`, {
        method: 'POST',
        dispatcher,
        headers: {
          authorization: authorization(options.auth),
          'content-type': 'application/json',
          accept: 'application/json',
          'accept-encoding': 'gzip',
        },
        body: JSON.stringify(body === 'array' ? [task] : task),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return await readReply(response);
    } catch (error) {
      return failureOf(error);
    }
  };

  return {
    host: new URL(url).host,
    call: (endpoint, task, signal) => post(flavour.callPath(endpoint), task, signal),
    async idList(query, signal) {
      if (flavour.idListPath === null) return { kind: 'no_record' };
      return entriesOf(await post(flavour.idListPath, query, signal));
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

/** Only a task that says it is done speaks for the record: an empty answer of any other kind proves nothing. */
function entriesOf(reply: UpstreamReply): IdListReply {
  if (reply.kind !== 'answer') {
    return { kind: 'failed', reason: reply.reason, ended: reply.kind !== 'unreadable' || reply.ended };
  }
  const { envelope, httpStatus } = reply;
  const task = envelope.tasks?.[0] ?? null;
  const code = envelope.status_code === STATUS_OK ? (task?.status_code ?? null) : envelope.status_code;
  if (httpStatus === 404 || code === 40400 || code === 40402) return { kind: 'no_record' };
  const entries = z.array(idListEntry.nullable()).safeParse(task?.result ?? []);
  if (httpStatus >= 400 || code !== STATUS_OK || !entries.success) {
    const said = task?.status_message ?? envelope.status_message ?? '';
    return { kind: 'failed', reason: `HTTP ${httpStatus}, ${code} ${said}`, ended: true };
  }
  return {
    kind: 'entries',
    entries: entries.data.filter((entry) => entry !== null),
    length: entries.data.length,
    date: reply.headers.date,
  };
}
