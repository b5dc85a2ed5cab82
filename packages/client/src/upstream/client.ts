import { type Endpoint, type EndpointName, endpointOf, type IdListRequest } from '@linkhaul/schemas';
import type { Dispatcher } from 'undici';
import { clockAheadIn, createExchange, type ExchangeOptions } from './exchange.js';
import { type FlavourName, flavourOf } from './flavours.js';
import { type AccountReply, accountOf, failedOf } from './free-reply.js';
import { readIdList } from './read-id-list.js';
import { readReply } from './read-reply.js';
import type { PageReply } from './record-page.js';
import type { UpstreamReply } from './reply.js';
import { createSemaphore } from './semaphore.js';

/** An upstream that sends endless answers to every call of a worker must not take all its memory. */
const LARGE_BODIES_AT_ONCE = 4;

export interface UpstreamOptions extends ExchangeOptions {
  readonly flavour: FlavourName;
  /** The most bytes of an answer. The rest is cut off. */
  readonly maxAnswerBytes: number;
}

export type IdListReply =
  | Exclude<PageReply, { kind: 'entries' }>
  /** `clockAhead`: how far the upstream's clock is ahead of this machine's, in ms. */
  | (Extract<PageReply, { kind: 'entries' }> & { readonly clockAhead: number | null });

/** The upstream's Backlinks API. Each request is sent once: the caller decides whether to send it again. */
export interface Upstream {
  readonly host: string;
  /** False if this provider certainly has no record of calls. */
  readonly mayHaveRecord: boolean;
  /** How far the upstream's clock is ahead of this machine's, in ms, by its last answer. Null before the first. */
  clockAhead(): number | null;
  /**
   * One live call with one task. The upstream may still execute a call that is aborted here. The items of a long answer's
   * envelope may have only the members that name them; its bytes have everything.
   */
  call(endpoint: EndpointName, task: Record<string, unknown>, signal?: AbortSignal): Promise<UpstreamReply>;
  /** One page of the upstream's record of calls. */
  idList(query: IdListRequest, signal?: AbortSignal): Promise<IdListReply>;
  /** Whether this provider offers data about the account. */
  readonly hasAccount: boolean;
  /** The account's balance and prices, free of charge. It also shows whether the credentials are right. */
  account(signal?: AbortSignal): Promise<AccountReply>;
  close(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const flavour = flavourOf(options.flavour);
  const exchange = createExchange(options);
  const limits = { maxBytes: options.maxAnswerBytes, largeBodies: createSemaphore(LARGE_BODIES_AT_ONCE) };
  const readAs = (naming: readonly string[]) => (response: Dispatcher.ResponseData) =>
    readReply(response, { ...limits, naming });

  return {
    host: new URL(options.url).host,
    mayHaveRecord: flavour.idListPath !== null,
    hasAccount: flavour.accountPath !== null,
    clockAhead: exchange.clockAhead,
    close: exchange.close,
    call: (endpoint, task, signal) =>
      exchange.send(flavour.callPath(endpoint), task, { read: readAs(namingMembersOf(endpointOf(endpoint))), signal }),
    async idList(query, signal) {
      if (flavour.idListPath === null) return { kind: 'no_record' };
      let clockAhead: number | null = null;
      const read = (response: Dispatcher.ResponseData) => {
        clockAhead = clockAheadIn(response);
        return readIdList(response);
      };
      const reply = await exchange.send(flavour.idListPath, query, { read, signal });
      if (reply.kind === 'entries') return { ...reply, clockAhead };
      return reply.kind === 'no_record' || reply.kind === 'failed' ? reply : failedOf(reply);
    },
    async account(signal) {
      if (flavour.accountPath === null) return { kind: 'no_account' };
      return accountOf(await exchange.send(flavour.accountPath, null, { read: readAs([]), signal }));
    },
  };
}

function namingMembersOf(endpoint: Endpoint): readonly string[] {
  return endpoint.kind === 'bulk' ? [endpoint.targetField] : (endpoint.key?.members ?? []);
}
