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
  read(target: string): void;
  /** Hashes the text from a place within the host to its end, into the host's halves. */
  readDomain(target: string, from: number): void;
}

const WWW = 'www.';
const [SLASH, COLON, QUESTION, BRACKET] = [0x2f, 0x3a, 0x3f, 0x5b];

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
  const add = (text: string, from: number, to: number) => {
    let x = a;
    let y = b;
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at);
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
  const hash: TargetHash = {
    keyHigh: 0,
    keyLow: 0,
    hostHigh: 0,
    hostLow: 0,
    hostFrom: 0,
    hostTo: 0,
    read(target) {
      const from = schemeLength(target);
      const to = from === 0 ? target.length : hostEnd(target, from);
      hash.hostFrom = from;
      hash.hostTo = to;
      let bare = from;
      while (target.startsWith(WWW, bare)) bare += WWW.length;
      start();
      add(target, bare, to);
      takeHost();
      if (to < target.length) addRest(target, to, add);
      hash.keyHigh = highHalf(a, b);
      hash.keyLow = lowHalf(a, b);
      if (bare > from) hash.readDomain(target, from);
    },
    readDomain(target, from) {
      start();
      add(target, from, hash.hostTo);
      takeHost();
    },
  };
  return hash;
}

/** Port, path and query of a page, as far as they count in its match key. */
function addRest(target: string, from: number, add: (text: string, from: number, to: number) => void): void {
  const question = target.indexOf('?', from);
  const end = question === -1 ? target.length : question;
  add(target, from, target.charCodeAt(end - 1) === SLASH ? end - 1 : end);
  if (end < target.length - 1) add(target, end, target.length);
}

function schemeLength(target: string): number {
  if (target.startsWith('https://')) return 'https://'.length;
  return target.startsWith('http://') ? 'http://'.length : 0;
}

/** Where the host of a page ends that begins at `from`. Only an IPv6 address holds colons, in brackets. */
function hostEnd(target: string, from: number): number {
  if (target.charCodeAt(from) === BRACKET) return target.indexOf(']', from) + 1;
  for (let at = from; at < target.length; at++) {
    const code = target.charCodeAt(at);
    if (code === SLASH || code === COLON || code === QUESTION) return at;
  }
  return target.length;
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
