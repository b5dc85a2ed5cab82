/** The beginning of a text, of at most so many bytes of UTF-8, without a character that is cut. */
export function firstBytes(text: string, most: number): string {
  // A letter has at least one byte: no more of a long text is looked at.
  const bytes = Buffer.from(text.slice(0, most + 1));
  if (bytes.length <= most) return text;
  let end = most;
  while (isWithinCharacter(bytes[end] ?? 0)) end--;
  return bytes.toString('utf8', 0, end);
}

function isWithinCharacter(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
