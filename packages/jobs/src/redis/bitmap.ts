import { z } from 'zod';

/** The value of a bitmap's key. A missing key is a bitmap without bits. */
export const bitmap = z
  .instanceof(Buffer)
  .nullable()
  .transform((bytes) => bytes ?? Buffer.alloc(0));

/** Redis counts a bitmap's bits from the left of each byte. */
export function hasBit(bits: Buffer, position: number): boolean {
  return ((bits[position >> 3] ?? 0) & (0x80 >> (position & 7))) !== 0;
}

/** The first set bit after a position, or infinity. Empty bytes are skipped whole. */
export function nextBit(bits: Buffer, after: number): number {
  for (let at = after + 1; at < bits.length * 8; ) {
    if ((bits[at >> 3] ?? 0) === 0) at = ((at >> 3) + 1) * 8;
    else if (hasBit(bits, at)) return at;
    else at++;
  }
  return Number.POSITIVE_INFINITY;
}
