import { isIP, type LookupFunction } from 'node:net';
import type { DeliveryError } from '@linkhaul/schemas';
import { Agent, request } from 'undici';
import { withDeadline } from '../deadline.js';
import { isPublicAddress } from './addresses.js';
import { failureOf } from './failure.js';
import { createLookUp, type LookUp } from './look-up.js';
import { signedHeaders } from './sign.js';

/** An event on its way to a receiver. */
export interface WebhookMessage {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  /** The time that is signed, ms since the epoch: receivers refuse one that is minutes off. */
  readonly at: number;
  /** Whether loopback and private addresses may be reached. */
  readonly allowPrivate: boolean;
}

/** How a request to a receiver ended: its status and the beginning of its answer, or why there is none. */
export interface ReceiverReply {
  readonly status: number | null;
  readonly error: DeliveryError | null;
  readonly duration_ms: number;
  readonly answer: string | null;
}

/** Posts webhooks, signed with every secret it is given. Redirects are not followed: they could lead anywhere. */
export interface Courier {
  /** Null where the process stopped meanwhile: whether it arrived is not known. */
  post(message: WebhookMessage, secrets: readonly string[]): Promise<ReceiverReply | null>;
  close(): Promise<void>;
}

interface CourierOptions {
  /** Once it aborts, what is open has a moment more. */
  readonly stopping?: AbortSignal;
  /** Addresses of the DNS servers that names of receivers are looked up at; none: those of the machine. */
  readonly dnsServers?: readonly string[];
  readonly hostsFile?: string;
}

const TIMEOUT_MS = 15_000;
/** A receiver that answers at all mostly does within this. */
const STOP_GRACE_MS = 2_000;
/** Of an answer no more is read: it is shown to help, and a receiver may send without end. */
const MOST_ANSWER_BYTES = 1024;
/** A receiver must not have its connection kept for longer, whatever it asks for. */
const KEPT_MS = 4_000;

export function createCourier(options: CourierOptions = {}): Courier {
  const { stopping, dnsServers: servers = [], ...hosts } = options;
  const stop = endOf(stopping);
  const lookUp = createLookUp({ servers, stop: stop.signal, ...hosts });
  const agents = {
    anywhere: agentOf(lookUp, () => true),
    publicOnly: agentOf(lookUp, isPublicAddress),
  };
  return {
    async post(message, secrets) {
      const startedAt = performance.now();
      const took = () => ({ duration_ms: Math.round(performance.now() - startedAt) });
      const { url, allowPrivate } = message;
      if (!allowPrivate && isInside(url)) return { status: null, error: 'no_address', answer: null, ...took() };
      const dispatcher = allowPrivate ? agents.anywhere : agents.publicOnly;
      try {
        const reply = await withDeadline(TIMEOUT_MS, stop.signal, (signal) =>
          exchange(message, { secrets, dispatcher, signal }),
        );
        return { ...reply, error: null, ...took() };
      } catch (error) {
        return stop.signal.aborted ? null : { status: null, error: failureOf(error), answer: null, ...took() };
      }
    },
    async close() {
      stop.abort();
      await Promise.all([agents.anywhere.destroy(), agents.publicOnly.destroy()]);
    },
  };
}

/** Aborts a moment after the given signal. */
function endOf(stopping: AbortSignal | undefined): AbortController {
  const stop = new AbortController();
  const begin = () => setTimeout(() => stop.abort(), STOP_GRACE_MS).unref();
  stopping?.addEventListener('abort', begin, { once: true });
  if (stopping?.aborted) begin();
  return stop;
}

function agentOf(lookUp: LookUp, isAllowed: (address: string) => boolean): Agent {
  const connect = { lookup: judged(lookUp, isAllowed) };
  return new Agent({ connect, keepAliveTimeout: KEPT_MS, keepAliveMaxTimeout: KEPT_MS });
}

interface Exchange {
  readonly secrets: readonly string[];
  readonly dispatcher: Agent;
  readonly signal: AbortSignal;
}

async function exchange({ id, url, body, at }: WebhookMessage, { secrets, dispatcher, signal }: Exchange) {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'linkhaul',
    ...signedHeaders({ id, body, secrets, now: at }),
  };
  const response = await request(url, { method: 'POST', dispatcher, headers, body, signal });
  return { status: response.statusCode, answer: await beginningOf(response.body) };
}

/** An address written in the URL needs no look-up, so that the look-up cannot judge it. */
function isInside(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/**
 * Judged where the connection is made, so that a name cannot change its address in between. A private name and one that
 * does not exist are told alike: the difference would draw a map of the inside.
 */
function judged(lookUp: LookUp, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, { all }, callback) => {
    const answer = (addresses: readonly string[]) => {
      const allowed = addresses.filter(isAllowed).map((address) => ({ address, family: isIP(address) }));
      const [first] = allowed;
      if (first === undefined) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      if (all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    };
    lookUp(name).then(answer, () => answer([]));
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
    // The status has come, which is what counts; an answer that breaks off takes nothing from it.
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8');
}
