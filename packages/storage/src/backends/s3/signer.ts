import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { CredentialSource, S3Credentials } from './credentials.js';

interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Signs requests, by the store's clock where ours is off. */
export interface Signer {
  /** All headers of the request. */
  sign(request: Unsigned): Promise<Record<string, string>>;
  /** Takes over the time that the store says it is. False if that is what was used already. */
  setClock(date: string): boolean;
  /** After the credentials were refused: true if there are others now. */
  renewCredentials(): Promise<boolean>;
}

/** Less than what any store allows. */
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
