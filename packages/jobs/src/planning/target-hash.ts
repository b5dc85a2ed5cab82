/**
 * A target in normal form as numbers: 64-bit hashes, in two halves of 32 signed bits. Ten million texts share one with a
 * probability of three in a million; two targets would then be kept apart, or two domains counted as one, which the
 * upstream at worst refuses.
 */
export interface TargetHash {
  /** Of `matchKey(target)`. */
  keyHigh: number;
  keyLow: number;
  /** Of the host as it is written, which stands from `hostFrom` to `hostTo`. */
  hostHigh: number;
  hostLow: number;
  hostFrom: number;
  hostTo: number;
  read(target: TargetBytes): void;
  /** The same without the key. */
  readHost(target: TargetBytes): void;
  /** Hashes the text from a place within the host to its end, into the host's halves. */
  readDomain({ bytes }: Pick<TargetBytes, 'bytes'>, from: number): void;
}

/** A target in normal form: these bytes from `from` to `to`. */
export interface TargetBytes {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

const [SLASH, COLON, QUESTION, BRACKET, END_BRACKET] = [0x2f, 0x3a, 0x3f, 0x5b, 0x5d];
const [H, T, P, S, W, DOT] = [0x68, 0x74, 0x70, 0x73, 0x77, 0x2e];
const WWW_LENGTH = 4;

/**
 * Reads targets one after the other, without making strings. The match key of a normal form is the text after the scheme, without
 * leading `www.`, the path's last slash, and a question mark with nothing behind it.
 */
export function createTargetHash(): TargetHash {
  let a = 0;
  let b = 0;
  const start = () => {
    a = 0x2545f491;
    b = 0x6c078965;
  };
  const add = (bytes: Uint8Array, from: number, to: number) => {
    let x = a;
    let y = b;
    for (let at = from; at < to; at++) {
      const code = bytes[at] ?? 0;
      x = Math.imul(x ^ code, 0x9e3779b1);
      x ^= x >>> 15;
      y = Math.imul(y + code, 0x85ebca77);
      y ^= y >>> 13;
    }
    a = x;
    b = y;
  };
  const takeHost = () => {
    hash.hostHigh = highHalf(a, b);
    hash.hostLow = lowHalf(a, b);
  };
  const findHost = ({ bytes, from, to }: TargetBytes) => {
    hash.hostFrom = from + schemeLength(bytes, from);
    hash.hostTo = hash.hostFrom === from ? to : hostEnd(bytes, hash.hostFrom, to);
  };
  const hash: TargetHash = {
    keyHigh: 0,
    keyLow: 0,
    hostHigh: 0,
    hostLow: 0,
    hostFrom: 0,
    hostTo: 0,
    read(target) {
      const { bytes, to } = target;
      findHost(target);
      const from = hash.hostFrom;
      let bare = from;
      while (isWww(bytes, bare)) bare += WWW_LENGTH;
      start();
      add(bytes, bare, hash.hostTo);
      takeHost();
      if (hash.hostTo < to) addRest(bytes, { from: hash.hostTo, to }, add);
      hash.keyHigh = highHalf(a, b);
      hash.keyLow = lowHalf(a, b);
      if (bare > from) hash.readDomain(target, from);
    },
    readHost(target) {
      findHost(target);
      hash.readDomain(target, hash.hostFrom);
    },
    readDomain({ bytes }, from) {
      start();
      add(bytes, from, hash.hostTo);
      takeHost();
    },
  };
  return hash;
}

/** Port, path and query of a page, as far as they count in its match key. */
function addRest(
  bytes: Uint8Array,
  { from, to }: { from: number; to: number },
  add: (bytes: Uint8Array, from: number, to: number) => void,
): void {
  let end = from;
  while (end < to && bytes[end] !== QUESTION) end++;
  add(bytes, from, bytes[end - 1] === SLASH ? end - 1 : end);
  if (end < to - 1) add(bytes, end, to);
}

/** Of `http://` or `https://`; a host holds no colon. */
function schemeLength(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== H || bytes[from + 1] !== T || bytes[from + 2] !== T || bytes[from + 3] !== P) return 0;
  const colon = bytes[from + 4] === S ? from + 5 : from + 4;
  return bytes[colon] === COLON && bytes[colon + 1] === SLASH ? colon + 3 - from : 0;
}

function isWww(bytes: Uint8Array, from: number): boolean {
  return bytes[from] === W && bytes[from + 1] === W && bytes[from + 2] === W && bytes[from + 3] === DOT;
}

/** Where the host of a page ends that begins at `from`. Only an IPv6 address holds colons, in brackets. */
function hostEnd(bytes: Uint8Array, from: number, to: number): number {
  const isAddress = bytes[from] === BRACKET;
  for (let at = from; at < to; at++) {
    const code = bytes[at];
    if (isAddress) {
      if (code === END_BRACKET) return at + 1;
    } else if (code === SLASH || code === COLON || code === QUESTION) return at;
  }
  return to;
}

function highHalf(a: number, b: number): number {
  return mix(a ^ (b >>> 7));
}

function lowHalf(a: number, b: number): number {
  return mix(b + Math.imul(a, 0xc2b2ae3d));
}

function mix(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return twice ^ (twice >>> 16);
}
