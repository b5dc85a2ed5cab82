import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Delivery } from '@linkhaul/jobs';
import { Agent, request } from 'undici';
import { isPublicAddress } from './addresses.js';

/** How an attempt ended: the receiver's status, or why there is none. */
interface DeliveryReply {
  readonly status: number | null;
  readonly error: string | null;
  readonly duration_ms: number;
}

/** Posts deliveries. Redirects are not followed: they could lead anywhere. */
export interface Courier {
  post(delivery: Delivery, headers: Record<string, string>): Promise<DeliveryReply>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 15_000;

export function createCourier(): Courier {
  const agents = {
    anywhere: new Agent(),
    // Judged where the connection is made, so that a name cannot change its address in between.
    publicOnly: new Agent({ connect: { lookup: publicLookup } }),
  };
  return {
    async post({ url, body, allowPrivate }, headers) {
      const startedAt = performance.now();
      const since = () => Math.round(performance.now() - startedAt);
      try {
        if (!allowPrivate) refuseInsideAddress(url);
        const response = await request(url, {
          method: 'POST',
          dispatcher: allowPrivate ? agents.anywhere : agents.publicOnly,
          headers: { 'content-type': 'application/json', 'user-agent': 'linkhaul', ...headers },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.body.dump();
        return { status: response.statusCode, error: null, duration_ms: since() };
      } catch (error) {
        return { status: null, error: error instanceof Error ? error.message : String(error), duration_ms: since() };
      }
    },
    async close() {
      await Promise.all([agents.anywhere.close(), agents.publicOnly.close()]);
    },
  };
}

/** An address written in the URL needs no look-up, so that the look-up cannot judge it. */
function refuseInsideAddress(url: string): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new Error('the address is private');
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = error ? [] : addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (first === undefined) return callback(error ?? new Error('the address is private'), '', 0);
    if (options.all) return callback(null, allowed);
    return callback(null, first.address, first.family);
  });
};
