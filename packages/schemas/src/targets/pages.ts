import { judgeHost } from './hosts.js';
import { type Invalid, invalid } from './normalised.js';
import { parseUrl } from './parse-url.js';

export type PageUrl =
  | {
      readonly ok: true;
      readonly url: URL;
      /** Null if the host is an IP address. */
      readonly domain: string | null;
    }
  | Invalid;

/** Scheme, authority and path as written. If the URL parser reads them differently, it is another page. */
const WRITTEN = /^https?:\/\/(?<authority>[^/?#\\]*)(?<path>[^?#]*)/i;

/** A second URL after a separator or white space. */
const SEVERAL = /[,;|"\s]https?:\/\//i;

/** Whether a text is several URLs in a row. After any other character a URL is part of the page, as in archives and redirects. */
export function isSeveralUrls(text: string): boolean {
  return /^https?:/i.test(text) && SEVERAL.test(text);
}

/** Whether a text with a scheme holds more than a URL, because it was cut out of HTML or of a quotation. */
function isCutOut(text: string): boolean {
  const { page = '' } = /^(?<page>[^#]*)/.exec(text)?.groups ?? {};
  if (text.includes('<') || page.endsWith('>')) return true;
  return page.endsWith('"') && page.split('"').length % 2 === 0;
}

/**
 * A text with a scheme as a page. The parser may change a host's case and IDNA form, drop a default port, a fragment
 * and dot segments, and percent-encode. Its repairs (`\` for `/`, a missing or third slash, `%61` or `0x7f.1` in a host)
 * would ask about something that the row does not say, so they make it invalid.
 */
export function pageUrl(text: string): PageUrl {
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return invalid('unsupported_scheme');
  if (isCutOut(text)) return invalid('not_a_url');
  const { authority = '', path = '' } = WRITTEN.exec(text)?.groups ?? {};
  if (authority.includes('@')) return invalid('credentials_in_url');
  if (authority === '' || authority.includes('%') || path.includes('\\')) return invalid('malformed');
  const url = parseUrl(text);
  if (url === null) return invalid('malformed');
  url.hash = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const host = judgeHost(url.hostname);
  if (host.ok) return { ok: true, url, domain: host.registrable };
  if (host.code !== 'ip_address') return host;
  return hostOfAuthority(authority) === url.hostname ? { ok: true, url, domain: null } : invalid('malformed');
}

function hostOfAuthority(authority: string): string {
  return authority.replace(/:\d*$/, '').toLowerCase();
}
