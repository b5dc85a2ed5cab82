import { parse } from 'tldts';
import { MAX_TARGET_LENGTH, type Named } from './normalised.js';

const MAX_HOST_LENGTH = 253;

/**
 * A lower-case ASCII host of two labels or more; before it `http://` or `https://` and behind it a path, with a query, that
 * the URL parser leaves alone: a part that begins with `.` or `%` may be a step. Each letter can be matched in one way only.
 */
const PLAIN =
  /^(https?:\/\/)?((?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)((?:\/(?![.%])[\w.~!$&()*+,;=:@%-]*)+(?:\?[\w.~!$&()*+,;=:@/?%-]*)?)?$/;
/** A further URL may begin here. */
const SLASHES = '//';
/** An IDNA label, of which not every one is sound. */
const ACE = 'xn--';

/** The host is sound by the expression above. */
const SOUND = { allowPrivateDomains: true, validateHostname: false, extractHostname: false, detectIp: false };

/**
 * What a row names that is a target as it stands there, as nearly every row of a list is, but for the case of a bare host.
 * Null says nothing: the row may be a target all the same. It is what `nameInAnyRow` would find, several times faster.
 */
export function nameInPlainRow(input: string): Named | null {
  if (input.length > MAX_TARGET_LENGTH) return null;
  const match = PLAIN.exec(input) ?? PLAIN.exec(input.toLowerCase());
  if (match === null) return null;
  const [text, scheme, host = '', path] = match;
  if (host.length > MAX_HOST_LENGTH || host.includes(ACE)) return null;
  const domain = domainOf(host);
  if (domain === null) return null;
  if (scheme === undefined) return path === undefined ? { ok: true, host, domain, page: null } : null;
  const isNormal = path !== undefined && text === input && !path.includes(SLASHES);
  return isNormal ? { ok: true, host, domain, page: input } : null;
}

let lastHost = '';
let lastDomain: string | null = null;

/** Null where it has none, or its top-level domain does not exist. Pages of one host often come one after the other. */
function domainOf(host: string): string | null {
  if (host === lastHost) return lastDomain;
  const { domain, isIcann, isPrivate } = parse(host, SOUND);
  lastHost = host;
  lastDomain = isIcann || isPrivate ? domain : null;
  return lastDomain;
}
