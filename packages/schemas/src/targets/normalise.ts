import type { TargetKind } from '../endpoints/endpoint.js';
import type { InvalidCode } from '../error-codes.js';
import { judgeHost } from './hosts.js';
import { isSeveralUrls, pageUrl } from './pages.js';
import { parseUrl } from './parse-url.js';
import { faultInCharacters, trimRow } from './row-text.js';

/** How a row's text becomes a target. `as` widens a target to its host or its registrable domain. */
export interface NormaliseOptions {
  readonly as: TargetAs;
  readonly keepWww: boolean;
  readonly acceptsPages: boolean;
}

type TargetAs = 'given' | 'host' | 'domain';

export type Normalised =
  | { readonly ok: true; readonly target: string; readonly kind: TargetKind }
  | { readonly ok: false; readonly code: InvalidCode };

const MAX_TARGET_LENGTH = 2048;
const IPV4_PARTS = 4;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** Schemes that are known without slashes; `example.com:8080` is a host with a port, not one of them. */
const BARE_SCHEME = /^(?:https?|mailto|tel|javascript|data|about|file|urn):/i;
/** As disavow files and Search Console write it. */
const DOMAIN_PREFIX = /^(?:sc-)?domain:/i;
const WRAPPED_URL = /^["'<(]+https?:\/\//i;

/**
 * A row in the upstream's normal form: a URL with http or https is a page, a bare host a domain or subdomain.
 * The scope is never changed silently: what does not fit is invalid, each with its own code.
 * Pure, and a fixed point: a normal form normalises to itself.
 */
export function normaliseTarget(input: string, options: NormaliseOptions): Normalised {
  const row = trimRow(input);
  if (isSeveralUrls(row)) return invalid('several_urls');
  if (row.length > MAX_TARGET_LENGTH) return invalid('too_long');
  const prefix = DOMAIN_PREFIX.exec(row)?.[0] ?? '';
  const text = trimRow(row.slice(prefix.length));
  const fault = faultInCharacters(text);
  if (fault !== null) return invalid(fault);
  const normalised = normaliseText(text, prefix !== '', options);
  return normalised.ok ? widen(normalised, options) : normalised;
}

function normaliseText(text: string, isNamedDomain: boolean, options: NormaliseOptions): Normalised {
  const isUrl = SCHEME.test(text) || BARE_SCHEME.test(text);
  if (isUrl) return isNamedDomain ? invalid('malformed') : normalisePage(text);
  if (WRAPPED_URL.test(text)) return invalid('not_a_url');
  if (/^[^/?#]*@/.test(text)) return invalid('credentials_in_url');
  if (!/[/?#:\\[\]]/.test(text)) return normaliseHost(text, options.keepWww);
  // Where only the host counts, its scheme does not.
  return options.as === 'given' ? invalid('page_without_scheme') : normalisePage(`http://${text}`);
}

function normalisePage(text: string): Normalised {
  const page = pageUrl(text);
  if (!page.ok) return page;
  const { href } = page.url;
  return href.length > MAX_TARGET_LENGTH ? invalid('too_long') : { ok: true, target: href, kind: 'page' };
}

function normaliseHost(text: string, keepWww: boolean): Normalised {
  const ascii = toAscii(text);
  if (ascii === null) return invalid('malformed');
  const host = judgeHost(ascii.endsWith('.') ? ascii.slice(0, -1) : ascii);
  if (!host.ok) return host.code === 'ip_address' ? invalid(faultOfNumbers(text)) : host;
  return kindOf(keepWww ? host : withoutWww(host));
}

/** The URL parser reads `13` and `1.5` as addresses, too; whoever wrote them meant none. */
function faultOfNumbers(text: string): InvalidCode {
  const { length } = text.replace(/[.。．｡]$/, '').split(/[.。．｡]/);
  if (length === 1) return 'single_label';
  return length === IPV4_PARTS ? 'ip_address' : 'unknown_tld';
}

/** Lower-case IDNA form of a bare host; null where it has none. The URL parser would decode `%61`, which no host holds. */
function toAscii(text: string): string | null {
  return text.includes('%') ? null : (parseUrl(`http://${text}/`)?.hostname ?? null);
}

function withoutWww(host: { host: string; registrable: string }): { host: string; registrable: string } {
  // `www.com` is a domain of its own: nothing is left of it without the first label.
  if (!host.host.startsWith('www.') || host.host === host.registrable) return host;
  const bare = judgeHost(host.host.slice('www.'.length));
  return bare.ok ? withoutWww(bare) : host;
}

function kindOf(host: { host: string; registrable: string }): Normalised {
  return { ok: true, target: host.host, kind: host.host === host.registrable ? 'domain' : 'subdomain' };
}

function widen(normalised: { target: string; kind: TargetKind }, options: NormaliseOptions): Normalised {
  if (options.as === 'given') {
    if (normalised.kind === 'page' && !options.acceptsPages) return invalid('page_not_accepted');
    return { ok: true, ...normalised };
  }
  const host = judgeHost(normalised.kind === 'page' ? new URL(normalised.target).hostname : normalised.target);
  if (!host.ok) return host;
  if (options.as === 'domain') return kindOf({ host: host.registrable, registrable: host.registrable });
  return kindOf(options.keepWww ? host : withoutWww(host));
}

function invalid(code: InvalidCode): Normalised {
  return { ok: false, code };
}
