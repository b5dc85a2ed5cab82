const FIRST_PRINTABLE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where text ends that stands in a JSON string as it is, without escapes: at the latest at `to`. */
export function endOfPlainText(bytes: Buffer, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (code < FIRST_PRINTABLE || code === QUOTE || code === BACKSLASH) break;
  }
  return at;
}
