/** Where the match key of a target stands in its normal form. */
export interface KeyPlace {
  from: number;
  to: number;
  /** The one letter in between that the key leaves out; `to` if there is none. */
  without: number;
  /** Distinguishes targets with the same key: scheme, `www.`, last slash and empty query, as a number up to 2^14. */
  variant: number;
}

const HTTP = 'http://';
const HTTPS = 'https://';
const WWW = 'www.';

const HTTP_BIT = 1;
const HTTPS_BIT = 2;
const SLASH_BIT = 4;
const QUERY_BIT = 8;
const WWW_UNIT = 16;

/**
 * Finds where the match key stands in a target in normal form, without making strings: the text after the scheme, without
 * leading `www.`, the path's last slash and the question mark of an empty query.
 */
export function placeKey(target: string, place: KeyPlace): void {
  const scheme = schemeOf(target);
  place.from = scheme.length;
  place.to = target.length;
  place.without = target.length;
  place.variant = scheme.bit;
  for (; target.startsWith(WWW, place.from); place.from += WWW.length) place.variant += WWW_UNIT;
  if (scheme.length === 0) return;
  const query = target.indexOf('?');
  const pathTo = query === -1 ? target.length : query;
  if (query === target.length - 1) {
    place.to = pathTo;
    place.variant += QUERY_BIT;
  }
  place.without = place.to;
  if (!target.endsWith('/', pathTo)) return;
  place.without = pathTo - 1;
  place.variant += SLASH_BIT;
}

const NONE = { length: 0, bit: 0 };
const PLAIN = { length: HTTP.length, bit: HTTP_BIT };
const SECURE = { length: HTTPS.length, bit: HTTPS_BIT };

function schemeOf(target: string): typeof NONE {
  if (target.startsWith(HTTPS)) return SECURE;
  return target.startsWith(HTTP) ? PLAIN : NONE;
}
