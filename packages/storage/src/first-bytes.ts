/** The beginning of a text, up to a number of bytes of UTF-8, in whole characters. */
export function firstBytes(text: string, most: number): string {
  // A character has at least one byte, so no more than this needs to be encoded.
  const bytes = Buffer.from(text.slice(0, most + 1));
  if (bytes.length <= most) return text;
  let end = most;
  while (isWithinCharacter(bytes[end] ?? 0)) end--;
  return bytes.toString('utf8', 0, end);
}

function isWithinCharacter(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
