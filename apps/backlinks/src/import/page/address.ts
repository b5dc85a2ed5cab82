import { judgeHost, registrableDomain } from '@linkhaul/schemas';

/** A page in the normal form of targets. */
export interface Address {
  readonly url: string;
  readonly host: string;
  /** The registrable domain; an IP address, and a name without a dot, stand for themselves. */
  readonly domain: string;
}

export type AddressOrReason = Address | { readonly reason: AddressReason };
type AddressReason = 'no_address' | 'no_web_address' | 'no_host' | 'address_too_long';

/** Longer addresses cannot be asked about. */
const LONGEST = 2048;
const MOST_HOSTS = 50_000;

const domains = new Map<string, string | null>();

/** Resolves an address by the URL standard. The fragment, and a name and password, are no part of the page. */
export function resolve(text: string, base: string | undefined): AddressOrReason {
  const url = parse(text, base);
  if (url === null) return { reason: 'no_address' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { reason: 'no_web_address' };
  if (url.hash !== '' || url.href.endsWith('#')) url.hash = '';
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const domain = domainOf(url.hostname);
  if (domain === null) return { reason: 'no_host' };
  if (url.href.length > LONGEST) return { reason: 'address_too_long' };
  return { url: url.href, host: url.hostname, domain };
}

function parse(text: string, base: string | undefined): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** Judging a host takes longer than the rest of an address, and pages link to the same hosts again and again. */
function domainOf(host: string): string | null {
  const known = domains.get(host);
  if (known !== undefined) return known;
  if (domains.size >= MOST_HOSTS) domains.clear();
  const judged = judgeHost(host);
  const isHost = judged.ok || judged.code !== 'malformed';
  // Crawls of one's own have hosts that are not of the public web, too: such as localhost, or those of a company.
  const domain = isHost ? registrableDomain(host) : null;
  domains.set(host, domain);
  return domain;
}
