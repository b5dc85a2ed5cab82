const FIXED_BYTES = 10;
const HAS_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/** The length of a gzip file's header in bytes, by RFC 1952, section 2.3. The deflated content follows it. */
export function gzipHeaderLength(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = FIXED_BYTES;
  if (flags & HAS_EXTRA) at += 2 + (bytes.length >= at + 2 ? bytes.readUInt16LE(at) : 0);
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    const end = flags & text ? bytes.indexOf(0, at) : at - 1;
    at = end === -1 ? bytes.length : end + 1;
  }
  return flags & HAS_CHECKSUM ? at + 2 : at;
}
