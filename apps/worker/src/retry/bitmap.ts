const FIRST_BYTES = 1024;

/** A growing bitmap with Redis' order of bits: bit 0 is the leftmost bit of the first byte. */
export function createBitmap() {
  let buffer = Buffer.alloc(FIRST_BYTES);
  let used = 0;
  return {
    set(position: number): void {
      const at = position >> 3;
      if (at >= buffer.length) {
        const wider = Buffer.alloc(Math.max(at + 1, 2 * buffer.length));
        buffer.copy(wider);
        buffer = wider;
      }
      buffer[at] = (buffer[at] ?? 0) | (0x80 >> (position & 7));
      used = Math.max(used, at + 1);
    },
    /** Up to the byte of the highest number that was set. */
    bytes: (): Buffer => buffer.subarray(0, used),
  };
}
