const FIRST_BYTES = 1024;

/** A set of numbers as a bitmap, counted as Redis does: from the left of each byte. */
export function createBits() {
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
    /** No longer than the highest number asks for. */
    bytes: (): Buffer => buffer.subarray(0, used),
  };
}
