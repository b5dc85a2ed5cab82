import { getDomain, parse } from 'tldts';
import type { InvalidCode } from '../error-codes.js';

/** A host name, judged by the public suffix list. */
export type Host =
  | { readonly ok: true; readonly host: string; readonly registrable: string }
  | { readonly ok: false; readonly code: InvalidCode };

/**
 * Judges a host that is already lower-case ASCII. `registrable` counts private suffixes (`github.io`) as suffixes,
 * so `a.github.io` and `b.github.io` are two domains: where the upstream counts them as one, we only pack less densely.
 */
export function judgeHost(host: string): Host {
  const parsed = parse(host, { allowPrivateDomains: true, detectIp: true, validateHostname: true });
  if (parsed.isIp) return { ok: false, code: 'ip_address' };
  if (parsed.hostname === null || !isHostName(host)) return { ok: false, code: 'malformed' };
  if (!host.includes('.')) return { ok: false, code: 'single_label' };
  if (!parsed.isIcann && !parsed.isPrivate) return { ok: false, code: 'unknown_tld' };
  if (parsed.domain !== null) return { ok: true, host, registrable: parsed.domain };
  // A private suffix itself (github.io) is a site too; a public one (co.uk) is not.
  return parsed.isPrivate ? { ok: true, host, registrable: host } : { ok: false, code: 'public_suffix' };
}

/** A host in normal form has already been judged: doing it again would take a third of the time. */
const SOUND = { allowPrivateDomains: true, validateHostname: false, extractHostname: false };

/** The registrable domain of a target in normal form. An IP address is its own domain. */
export function registrableDomain(target: string): string {
  const host = hostOf(target);
  return getDomain(host, SOUND) ?? host;
}

/** The host of a target in normal form, without a port. */
export function hostOf(target: string): string {
  return isPage(target) ? new URL(target).hostname : target;
}

export function isPage(target: string): boolean {
  return target.startsWith('http://') || target.startsWith('https://');
}

/** Each label 1 to 63 characters of letters, digits, `-` and `_`, the whole at most 253. */
function isHostName(host: string): boolean {
  return (
    host.length <= 253 && host.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  );
}
