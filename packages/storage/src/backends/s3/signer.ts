import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { CredentialSource, S3Credentials } from './credentials.js';

interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Signs requests, with the store's time if our clock is wrong. */
export interface Signer {
  /** Returns all headers of the request. */
  sign(request: Unsigned): Promise<Record<string, string>>;
  /** Takes over the store's time. False if that is the time in use already. */
  setClock(date: string): boolean;
  /** Called after the credentials were refused. True if there are other ones now. */
  renewCredentials(): Promise<boolean>;
}

/** Less than the difference that any store allows. */
const SKEW_MS = 60_000;

export function createSigner(region: string, source: CredentialSource): Signer {
  const cache = new Map<string, ArrayBuffer>();
  let aheadMs = 0;
  let last: S3Credentials | null = null;
  return {
    async sign({ method, url, headers, body }) {
      const { sessionToken, ...keys } = await source.get();
      last = { sessionToken, ...keys };
      const signer = new AwsV4Signer({
        method,
        url,
        // The store refuses a body that is not the one that was signed.
        headers: { ...headers, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
        ...keys,
        ...(sessionToken !== null && { sessionToken }),
        ...{ service: 's3', region, cache, datetime: stampOf(Date.now() + aheadMs) },
      });
      const signed = await signer.sign();
      return Object.fromEntries(signed.headers);
    },
    setClock(date) {
      const ahead = Date.parse(date) - Date.now();
      if (Number.isNaN(ahead) || Math.abs(ahead - aheadMs) < SKEW_MS) return false;
      aheadMs = ahead;
      return true;
    },
    renewCredentials: async () => last !== null && source.renew(last),
  };
}

/** `20260102T030405Z`. */
function stampOf(time: number): string {
  return new Date(time).toISOString().replace(/[:-]|\.\d{3}/g, '');
}
