const FLAG = { checksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
const FIXED = 10;

/** How each gzip member begins. */
export const GZIP_MARK = Buffer.from([0x1f, 0x8b, 8]);

export function isGzip(bytes: Buffer): boolean {
  return bytes.subarray(0, GZIP_MARK.length).equals(GZIP_MARK);
}

/** How long a member's head is; null where the bytes are none. */
export function lengthOfHead(bytes: Buffer): number | null {
  const flags = bytes[GZIP_MARK.length];
  if (!isGzip(bytes) || flags === undefined || (flags & FLAG.reserved) !== 0 || bytes.length < FIXED) return null;
  let length = FIXED;
  if ((flags & FLAG.extra) !== 0) {
    if (bytes.length < length + 2) return null;
    length += 2 + bytes.readUInt16LE(length);
  }
  for (const text of [FLAG.name, FLAG.comment]) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end === -1) return null;
    length = end + 1;
  }
  if ((flags & FLAG.checksum) !== 0) length += 2;
  return length < bytes.length ? length : null;
}
