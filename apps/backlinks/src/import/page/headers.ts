import type { Fields } from '../archive/fields.js';
import type { RawLink } from './raw-link.js';
import { refreshUrl } from './refresh.js';
import { linkType, relWords } from './rel.js';
import { type Robots, robotsIn } from './robots.js';

const LINK = /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)/g;
const REL = /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))/i;

const BARE = { anchor: null, alt: null, place: null };

/** The links that an answer's headers state. */
export function linksOfHeaders(status: number | null, fields: Fields): RawLink[] {
  const links = fields.all('link').flatMap(linksIn);
  const redirect = redirectOf(status, fields);
  if (redirect !== null) links.push({ ...BARE, type: 'redirect', href: redirect, rel: [] });
  const refresh = refreshUrl(fields.get('refresh') ?? '');
  if (refresh !== null) links.push({ ...BARE, type: 'meta', href: refresh, rel: [] });
  return links;
}

/** The page is as it was when it was fetched before: it leads nowhere else. */
export const NOT_MODIFIED = 304;

export function redirectOf(status: number | null, fields: Fields): string | null {
  const isRedirect = status !== null && status >= 300 && status < 400 && status !== NOT_MODIFIED;
  return isRedirect ? (fields.get('location') ?? null) : null;
}

/** The links of one `Link` header (RFC 8288). */
function linksIn(header: string): RawLink[] {
  return [...header.matchAll(LINK)].flatMap(([, href = '', parameters = '']) => {
    const [, quoted, bare] = REL.exec(parameters) ?? [];
    const rel = relWords(quoted ?? bare);
    const type = linkType(rel);
    return type === null ? [] : [{ ...BARE, type, href: href.trim(), rel }];
  });
}

export function robotsOfHeaders(fields: Fields): Robots {
  return robotsIn(fields.all('x-robots-tag').map(forEverybody).join());
}

/** Words behind the name of a crawler are for that one alone. */
function forEverybody(header: string): string {
  const [everybody = ''] = header.split(/(?:^|,)\s*(?!unavailable_after|max-)[\w-]+\s*:/i);
  return everybody;
}
