/** Numbers 64-bit hashes from 0, in order of appearance. */
export interface Numbering {
  readonly count: number;
  /** The number of a hash, given as two 32-bit halves. */
  numberOf(high: number, low: number): number;
}

/**
 * For at most `capacity` different hashes. Unused capacity takes no memory, and nothing is ever moved, which would
 * block the process.
 */
export function createNumbering(capacity: number): Numbering {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, capacity * 1.4))));
  const mask = slots.length - 1;
  const highs = new Int32Array(capacity);
  const lows = new Int32Array(capacity);
  let count = 0;
  return {
    get count() {
      return count;
    },
    numberOf(high, low) {
      let slot = low & mask;
      for (;;) {
        const number = (slots[slot] ?? 0) - 1;
        if (number === -1) break;
        if (lows[number] === low && highs[number] === high) return number;
        slot = (slot + 1) & mask;
      }
      highs[count] = high;
      lows[count] = low;
      slots[slot] = ++count;
      return count - 1;
    },
  };
}
