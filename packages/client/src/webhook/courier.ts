import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { DeliveryError } from '@linkhaul/schemas';
import { Agent, request } from 'undici';
import { isPublicAddress } from './addresses.js';
import { failureOf } from './failure.js';
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
  post(message: WebhookMessage, secrets: readonly string[]): Promise<ReceiverReply>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 15_000;
/** Of an answer no more is read: it is shown to help, and a receiver may send without end. */
const MOST_ANSWER_BYTES = 1024;

export function createCourier(): Courier {
  const agents = {
    anywhere: new Agent(),
    // Judged where the connection is made, so that a name cannot change its address in between.
    publicOnly: new Agent({ connect: { lookup: publicLookup } }),
  };
  return {
    async post({ id, url, body, at, allowPrivate }, secrets) {
      const startedAt = performance.now();
      const took = () => ({ duration_ms: Math.round(performance.now() - startedAt) });
      if (!allowPrivate && isInside(url)) return { status: null, error: 'no_address', answer: null, ...took() };
      try {
        const response = await request(url, {
          method: 'POST',
          dispatcher: allowPrivate ? agents.anywhere : agents.publicOnly,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'linkhaul',
            ...signedHeaders({ id, body, secrets, now: at }),
          },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        const answer = await beginningOf(response.body);
        return { status: response.statusCode, error: null, answer, ...took() };
      } catch (error) {
        return { status: null, error: failureOf(error), answer: null, ...took() };
      }
    },
    async close() {
      await Promise.all([agents.anywhere.close(), agents.publicOnly.close()]);
    },
  };
}

/** An address written in the URL needs no look-up, so that the look-up cannot judge it. */
function isInside(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/** A private name and one that does not exist are told alike: the difference would draw a map of the inside. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = error ? [] : addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (first === undefined) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
    if (options.all) return callback(null, allowed);
    return callback(null, first.address, first.family);
  });
};

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
