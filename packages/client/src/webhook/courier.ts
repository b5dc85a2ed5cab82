import { isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { DeliveryError } from '@linkhaul/schemas';
import { Agent, request } from 'undici';
import { withDeadline } from '../deadline.js';
import { isPublicAddress } from './addresses.js';
import { deliveryErrorOf } from './delivery-error.js';
import { createNameResolver, type ResolveName } from './resolve-name.js';
import { signedHeaders } from './sign.js';

/** One webhook request. */
export interface WebhookMessage {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  /** Default: POST of the body as it is. `get`: without a body. `gzip`: the body is compressed; the signature is of the text. */
  readonly as?: 'get' | 'gzip';
  /** The time in the signature, ms since the epoch. Receivers refuse one that is minutes off. */
  readonly at: number;
  /** Whether loopback and private addresses may be reached. */
  readonly allowPrivate: boolean;
}

/** A receiver's status and the beginning of its answer, or why there is none. */
export interface ReceiverReply {
  readonly status: number | null;
  readonly error: DeliveryError | null;
  readonly duration_ms: number;
  readonly answer: string | null;
}

/** Posts signed webhooks. Redirects are not followed: they could lead to any address. */
export interface Courier {
  /** Signs with each of the secrets. Null if the process stopped meanwhile: whether the webhook arrived is not known. */
  post(message: WebhookMessage, secrets: readonly string[]): Promise<ReceiverReply | null>;
  close(): Promise<void>;
}

interface CourierOptions {
  /** Once it aborts, open requests have two more seconds. */
  readonly stopping?: AbortSignal;
  /** DNS servers for the receivers' names, such as `10.0.0.2:53`. Default: those of the machine. */
  readonly dnsServers?: readonly string[];
  readonly hostsFile?: string;
}

const TIMEOUT_MS = 15_000;
/** Most receivers that answer at all answer within this time. */
const STOP_GRACE_MS = 2_000;
/** The answer is only shown to people, and a receiver may send endless bytes. */
const MOST_ANSWER_BYTES = 1024;
/** The longest time that an idle connection is kept, whatever the receiver asks for. */
const KEPT_MS = 4_000;

/** Webhooks to private addresses are refused unless the message allows them. */
export function createCourier(options: CourierOptions = {}): Courier {
  const { stopping, dnsServers: servers = [], ...hosts } = options;
  const stop = abortsAfter(stopping);
  const resolveName = createNameResolver({ servers, stop: stop.signal, ...hosts });
  const agents = {
    anywhere: agentOf(resolveName, () => true),
    publicOnly: agentOf(resolveName, isPublicAddress),
  };
  return {
    async post(message, secrets) {
      const startedAt = performance.now();
      const took = () => ({ duration_ms: Math.round(performance.now() - startedAt) });
      const { url, allowPrivate } = message;
      const refused = { status: null, error: 'no_address', answer: null } as const;
      if (!URL.canParse(url) || (!allowPrivate && hasPrivateHost(url))) return { ...refused, ...took() };
      const dispatcher = allowPrivate ? agents.anywhere : agents.publicOnly;
      try {
        const reply = await withDeadline(TIMEOUT_MS, stop.signal, (signal) =>
          exchange(message, { secrets, dispatcher, signal }),
        );
        return { ...reply, error: null, ...took() };
      } catch (error) {
        return stop.signal.aborted ? null : { status: null, error: deliveryErrorOf(error), answer: null, ...took() };
      }
    },
    async close() {
      stop.abort();
      await Promise.all([agents.anywhere.destroy(), agents.publicOnly.destroy()]);
    },
  };
}

/** A controller that aborts two seconds after `stopping` does. */
function abortsAfter(stopping: AbortSignal | undefined): AbortController {
  const stop = new AbortController();
  const begin = () => setTimeout(() => stop.abort(), STOP_GRACE_MS).unref();
  stopping?.addEventListener('abort', begin, { once: true });
  if (stopping?.aborted) begin();
  return stop;
}

function agentOf(resolveName: ResolveName, isAllowed: (address: string) => boolean): Agent {
  const connect = { lookup: checkedLookup(resolveName, isAllowed) };
  return new Agent({ connect, keepAliveTimeout: KEPT_MS, keepAliveMaxTimeout: KEPT_MS });
}

interface Exchange {
  readonly secrets: readonly string[];
  readonly dispatcher: Agent;
  readonly signal: AbortSignal;
}

async function exchange(message: WebhookMessage, { secrets, dispatcher, signal }: Exchange) {
  const { id, body, at } = message;
  const signed = { 'user-agent': 'linkhaul', ...signedHeaders({ id, body, secrets, now: at }) };
  const { headers, ...sent } = await formOf(message);
  const response = await request(message.url, { ...sent, dispatcher, headers: { ...signed, ...headers }, signal });
  return { status: response.statusCode, answer: await beginningOf(response.body) };
}

const zip = promisify(gzip);

async function formOf({ as, body }: WebhookMessage) {
  if (as === 'get') return { method: 'GET', headers: {} } as const;
  const headers = { 'content-type': 'application/json' };
  if (as === undefined) return { method: 'POST', headers, body } as const;
  return { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: await zip(body) } as const;
}

/** Whether the URL has a private IP address as its host. Such a host is never looked up, so it is checked here. */
function hasPrivateHost(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/**
 * Checks the addresses in the look-up of the connection itself, so that a name cannot change its address in between. A name
 * with private addresses looks like a name that does not exist: the difference would reveal the internal network.
 */
function checkedLookup(resolveName: ResolveName, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, { all }, callback) => {
    const answer = (addresses: readonly string[]) => {
      const allowed = addresses.filter(isAllowed).map((address) => ({ address, family: isIP(address) }));
      const [first] = allowed;
      if (first === undefined) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      if (all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    };
    resolveName(name).then(answer, () => answer([]));
  };
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_ANSWER_BYTES) break;
    }
  } catch {
    // The status decides, and it has come. A body that breaks off does not matter.
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8');
}
