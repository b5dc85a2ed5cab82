import { QUESTION, SLASH, schemeLength, startsWith, WWW } from './target-bytes.js';

/** Where the match key of a target stands in the bytes of its normal form. */
export interface KeyPlace {
  from: number;
  to: number;
  /** The one byte in between that is not of the key; `to` where all are. */
  without: number;
  /** Tells the target from all others that have its key: scheme, `www.`, last slash and empty query, from 0 to 2^14. */
  variant: number;
}

const SLASH_BIT = 4;
const QUERY_BIT = 8;
const WWW_UNIT = 16;

/**
 * Finds what `matchKey` makes of a target in normal form, without making strings: the text after the scheme, without
 * leading `www.`, the path's last slash, and a question mark with nothing behind it.
 */
export function placeKey(bytes: Uint8Array, { from, to }: { from: number; to: number }, place: KeyPlace): void {
  const scheme = schemeLength(bytes, from);
  place.from = from + scheme;
  place.to = to;
  place.without = to;
  place.variant = schemeBits(scheme);
  for (; startsWith(bytes, place.from, WWW) && place.from < to; place.from += WWW.length) place.variant += WWW_UNIT;
  if (scheme === 0) return;
  let pathTo = place.from;
  while (pathTo < to && bytes[pathTo] !== QUESTION) pathTo++;
  if (pathTo === to - 1) {
    place.to = pathTo;
    place.variant += QUERY_BIT;
  }
  place.without = place.to;
  if (bytes[pathTo - 1] !== SLASH) return;
  place.without = pathTo - 1;
  place.variant += SLASH_BIT;
}

function schemeBits(length: number): number {
  return length === 0 ? 0 : length - 'http:/'.length;
}
