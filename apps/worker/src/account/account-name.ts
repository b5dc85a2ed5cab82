import { createHash } from 'node:crypto';
import type { UpstreamOptions } from '@linkhaul/client';

/** A name such as `3f9a0c51be72` for a set of credentials; it does not reveal them. Workers with the same name share one permit. */
export function accountName({ url, auth }: Pick<UpstreamOptions, 'url' | 'auth'>): string {
  const credential = 'token' in auth ? auth.token : auth.login;
  return createHash('sha256')
    .update(`${new URL(url).origin}\n${credential}`)
    .digest('hex')
    .slice(0, 12);
}
