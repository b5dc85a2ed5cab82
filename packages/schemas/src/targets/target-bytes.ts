export const SLASH = 0x2f;
export const QUESTION = 0x3f;

export const WWW = codesOf('www.');
const HTTP = codesOf('http://');
const HTTPS = codesOf('https://');

/** Of `http://` or `https://`; 0 where neither stands there. */
export function schemeLength(bytes: Uint8Array, from: number): number {
  if (startsWith(bytes, from, HTTPS)) return HTTPS.length;
  return startsWith(bytes, from, HTTP) ? HTTP.length : 0;
}

export function startsWith(bytes: Uint8Array, from: number, codes: Uint8Array): boolean {
  for (let at = 0; at < codes.length; at++) if (bytes[from + at] !== codes[at]) return false;
  return true;
}

export function codesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
