import type { TargetKind } from '../endpoints/endpoint.js';
import type { NormaliseOptions } from './normalise.js';
import { registrableFrom } from './suffixes.js';
import { codesOf, QUESTION, SLASH, schemeLength, startsWith, WWW } from './target-bytes.js';

/** What a text turned out to be; places count in the bytes that it stands in. */
export interface PlainTarget {
  readonly kind: TargetKind;
  /** The target stands there as it is; it ends with the text. */
  readonly targetFrom: number;
  readonly targetTo: number;
  /** Its registrable domain. */
  readonly domainFrom: number;
  readonly domainTo: number;
}

export interface PlainReader {
  /**
   * Whether the bytes from `from` to `to` are surely a target in normal form, but for `www.` before it; `found` then says
   * where. False says nothing: the text may be a target all the same.
   */
  read(bytes: Uint8Array, from: number, to: number): boolean;
  readonly found: PlainTarget;
}

const MAX_TARGET_LENGTH = 2048;
const MAX_HOST_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;

const PERCENT = 0x25;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const X = 0x78;

const ACE = codesOf('xn--');

const HOST_CODES = setOf('abcdefghijklmnopqrstuvwxyz0123456789_-');
/** What the URL parser leaves alone in a path and in a query. */
const PATH_CODES = setOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:@/%?');

/**
 * Reads in bytes what nearly every row of a list is, a lower-case ASCII host or URL: what it takes becomes what
 * `normaliseTarget` makes of it, and what it is not sure of it leaves to that. One reader for one list: it gives the
 * same object again and again.
 */
export function createPlainReader({ as, keepWww, acceptsPages }: NormaliseOptions): PlainReader {
  const found: { -readonly [Key in keyof PlainTarget]: PlainTarget[Key] } = {
    kind: 'domain',
    targetFrom: 0,
    targetTo: 0,
    domainFrom: 0,
    domainTo: 0,
  };

  const labels = { starts: new Int32Array(MAX_HOST_LENGTH), count: 0, to: 0 };

  const readHost = (bytes: Uint8Array, from: number, to: number): boolean => {
    if (!findLabels(bytes, { from, to }, labels) || labels.to !== to || !isJudged(bytes)) return false;
    let targetFrom = from;
    // Never into the registrable domain: `www.com` is one.
    if (!keepWww) while (targetFrom + 4 <= found.domainFrom && startsWith(bytes, targetFrom, WWW)) targetFrom += 4;
    found.targetFrom = targetFrom;
    found.kind = targetFrom === found.domainFrom ? 'domain' : 'subdomain';
    return true;
  };
  const readPage = (bytes: Uint8Array, from: number, { hostFrom, to }: { hostFrom: number; to: number }): boolean => {
    if (!findLabels(bytes, { from: hostFrom, to }, labels)) return false;
    // What stands behind the text is of another one.
    if (labels.to >= to || bytes[labels.to] !== SLASH) return false;
    if (!isPlainPath(bytes, labels.to, to) || !isJudged(bytes)) return false;
    found.targetFrom = from;
    found.kind = 'page';
    return true;
  };
  /** Whether a host has a registrable domain by the public suffix list, which is then noted. */
  const isJudged = (bytes: Uint8Array): boolean => {
    const domainFrom = registrableFrom(bytes, labels);
    if (domainFrom === -1) return false;
    found.domainFrom = domainFrom;
    found.domainTo = labels.to;
    return true;
  };
  return {
    found,
    read(bytes, from, to) {
      if (as !== 'given' || to - from > MAX_TARGET_LENGTH) return false;
      found.targetTo = to;
      const scheme = schemeLength(bytes, from);
      if (scheme === 0) return readHost(bytes, from, to);
      return acceptsPages && readPage(bytes, from, { hostFrom: from + scheme, to });
    },
  };
}

/**
 * Finds the host that begins here: two labels or more, none of them in IDNA form. It ends before the first byte that cannot
 * be of one. False where it is none.
 */
function findLabels(
  bytes: Uint8Array,
  { from, to }: { from: number; to: number },
  labels: { readonly starts: Int32Array; count: number; to: number },
): boolean {
  const { starts } = labels;
  const last = Math.min(to, from + MAX_HOST_LENGTH);
  let count = 0;
  let labelFrom = from;
  let at = from;
  for (; at < last; at++) {
    const code = bytes[at] ?? 0;
    if (HOST_CODES[code] === 1) continue;
    if (code !== DOT) break;
    if (!isLabel(bytes, labelFrom, at)) return false;
    starts[count++] = labelFrom;
    labelFrom = at + 1;
  }
  starts[count] = labelFrom;
  labels.count = count + 1;
  labels.to = at;
  return count > 0 && isLabel(bytes, labelFrom, at);
}

function isLabel(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > MAX_LABEL_LENGTH) return false;
  return bytes[from] !== HYPHEN && bytes[to - 1] !== HYPHEN && !(bytes[from] === X && startsWith(bytes, from, ACE));
}

/** Whether the URL parser leaves a path, with its query, as it is: a part that begins with `.` or `%2e` may be a step. */
function isPlainPath(bytes: Uint8Array, from: number, to: number): boolean {
  let before = 0;
  let inQuery = false;
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (PATH_CODES[code] === 0) return false;
    if (before === SLASH && !inQuery && (code === DOT || code === PERCENT)) return false;
    // A further URL may begin here.
    if (before === SLASH && code === SLASH) return false;
    if (code === QUESTION) inQuery = true;
    before = code;
  }
  return true;
}

/** 1 for each code that is in the text. */
function setOf(text: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const code of codesOf(text)) set[code] = 1;
  return set;
}
