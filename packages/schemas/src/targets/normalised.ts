import type { TargetKind } from '../endpoints/endpoint.js';
import type { InvalidCode } from '../error-codes.js';

/** How a row's text becomes a target. `as` widens a target to its host or its registrable domain. */
export interface NormaliseOptions {
  readonly as: TargetAs;
  readonly keepWww: boolean;
  readonly acceptsPages: boolean;
}

export const MAX_TARGET_LENGTH = 2048;

type TargetAs = 'given' | 'host' | 'domain';

export type Normalised = Target | Invalid;

interface Target {
  readonly ok: true;
  readonly target: string;
  readonly kind: TargetKind;
  /** Its registrable domain. An IP address is its own domain. */
  readonly domain: string;
}

export interface Invalid {
  readonly ok: false;
  readonly code: InvalidCode;
}

export function invalid(code: InvalidCode): Invalid {
  return { ok: false, code };
}

/** What a row names: a host, or a page on a host. */
export interface Named {
  readonly ok: true;
  readonly host: string;
  /** Null if the host is an IP address. */
  readonly domain: string | null;
  /** Null if the row is a bare host. */
  readonly page: string | null;
}

/** The target of a row that names this. */
export function targetOf({ host, domain, page }: Named, { as, keepWww, acceptsPages }: NormaliseOptions): Normalised {
  if (as === 'given' && page !== null) {
    return acceptsPages
      ? { ok: true, target: page, kind: 'page', domain: domain ?? host }
      : invalid('page_not_accepted');
  }
  if (domain === null) return invalid('ip_address');
  if (as === 'domain') return { ok: true, target: domain, kind: 'domain', domain };
  const target = keepWww ? host : withoutWww(host, domain);
  return { ok: true, target, kind: target === domain ? 'domain' : 'subdomain', domain };
}

const WWW = 'www.';

/** Removes `www.`, but never from the domain itself: `www.com` is one. */
function withoutWww(host: string, { length }: string): string {
  let bare = host;
  while (bare.length - WWW.length >= length && bare.startsWith(WWW)) bare = bare.slice(WWW.length);
  return bare;
}
