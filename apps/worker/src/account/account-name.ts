import { createHash } from 'node:crypto';
import type { UpstreamOptions } from '@linkhaul/client';

/** A name for a set of credentials at an upstream: workers with the same share one permit. It gives nothing away. */
export function accountOf({ url, auth }: Pick<UpstreamOptions, 'url' | 'auth'>): string {
  const who = 'token' in auth ? auth.token : auth.login;
  return createHash('sha256')
    .update(`${new URL(url).origin}\n${who}`)
    .digest('hex')
    .slice(0, 12);
}
