import type { InvalidCode } from '../error-codes.js';
import { judgeHost } from './hosts.js';
import { type Invalid, invalid, MAX_TARGET_LENGTH, type Named } from './normalised.js';
import { isSeveralUrls, pageUrl } from './pages.js';
import { parseUrl } from './parse-url.js';
import { DOMAIN_PREFIX, faultInCharacters, trimRow } from './row-text.js';

const IPV4_PARTS = 4;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** Schemes that are recognised without slashes: `example.com:8080` is a host with a port. */
const BARE_SCHEME = /^(?:https?|mailto|tel|javascript|data|about|file|urn):/i;
/** A URL after a bracket, a quotation mark of any language, or the `="` of a spreadsheet. */
const WRAPPED_URL = /^[^\p{L}\p{N}/?#]+https?:\/\//iu;
const WITHIN_SCHEME = /^[a-z][a-z0-9+-]*:https?:\/\//i;

/** Reads any row. If only the host counts, a page needs no scheme. */
export function nameInAnyRow(input: string, onlyHostCounts: boolean): Named | Invalid {
  const row = trimRow(input);
  if (isSeveralUrls(row)) return invalid('several_urls');
  if (row.length > MAX_TARGET_LENGTH) return invalid('too_long');
  const prefix = DOMAIN_PREFIX.exec(row)?.[0] ?? '';
  const text = trimRow(row.slice(prefix.length));
  const fault = faultInCharacters(text);
  if (fault !== null) return invalid(fault);
  const isUrl = SCHEME.test(text) || BARE_SCHEME.test(text);
  if (isUrl) return prefix === '' ? namedPage(text) : invalid('malformed');
  if (WITHIN_SCHEME.test(text)) return invalid('unsupported_scheme');
  if (WRAPPED_URL.test(text)) return invalid('not_a_url');
  if (/^[^/?#]*@/.test(text)) return invalid('credentials_in_url');
  if (!/[/?#:\\[\]]/.test(text)) return namedHost(text);
  return onlyHostCounts ? namedPage(`http://${text}`) : invalid('page_without_scheme');
}

function namedPage(text: string): Named | Invalid {
  const page = pageUrl(text);
  if (!page.ok) return page;
  const { href, hostname } = page.url;
  if (href.length > MAX_TARGET_LENGTH) return invalid('too_long');
  return { ok: true, host: hostname, domain: page.domain, page: href };
}

function namedHost(text: string): Named | Invalid {
  const ascii = toAscii(text);
  if (ascii === null) return invalid('malformed');
  const host = judgeHost(ascii.endsWith('.') ? ascii.slice(0, -1) : ascii);
  if (host.ok) return { ok: true, host: host.host, domain: host.registrable, page: null };
  return invalid(host.code === 'ip_address' ? faultOfNumbers(text) : host.code);
}

/** The URL parser reads `13` and `1.5` as IP addresses too, which the sender did not mean. */
function faultOfNumbers(text: string): InvalidCode {
  const { length } = text.replace(/[.。．｡]$/, '').split(/[.。．｡]/);
  if (length === 1) return 'single_label';
  return length === IPV4_PARTS ? 'ip_address' : 'unknown_tld';
}

/** The lower-case IDNA form of a bare host, or null. Hosts with `%` are refused: the URL parser would decode `%61`. */
function toAscii(text: string): string | null {
  return text.includes('%') ? null : (parseUrl(`http://${text}/`)?.hostname ?? null);
}
