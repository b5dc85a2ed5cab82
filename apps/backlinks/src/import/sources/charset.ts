const MARKS: readonly { readonly mark: Buffer; readonly charset: string }[] = [
  { mark: Buffer.from([0xff, 0xfe]), charset: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), charset: 'utf-16be' },
  { mark: Buffer.from([0xef, 0xbb, 0xbf]), charset: 'utf-8' },
];

/** Tools write UTF-16 without its mark, too: then every other byte of a header is 0. */
const UTF_16_SHARE = 0.3;
/** A cut may be within a character. */
const LONGEST_CHARACTER = 4;

/** The charset of the first bytes of a text; null where they are no text. */
export function charsetOf(head: Buffer): string | null {
  const marked = MARKS.find(({ mark }) => head.subarray(0, mark.length).equals(mark));
  if (marked !== undefined) return marked.charset;
  const zeros = [0, 1].map((from) => head.filter((byte, at) => byte === 0 && at % 2 === from).length);
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length * UTF_16_SHARE) return 'utf-16le';
  if (even > head.length * UTF_16_SHARE) return 'utf-16be';
  if (even + odd > 0) return null;
  if (isUtf8(head)) return 'utf-8';
  // Control characters stand in no table.
  return head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) ? null : 'windows-1252';
}

function isUtf8(head: Buffer): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let cut = 0; cut < LONGEST_CHARACTER; cut++) {
    try {
      decoder.decode(head.subarray(0, head.length - cut));
      return true;
    } catch {
      // One byte less may end at a character.
    }
  }
  return false;
}
