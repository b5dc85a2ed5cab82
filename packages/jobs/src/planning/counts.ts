const CHUNK_BITS = 15;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;
const NOTHING = new Int32Array();

/** Counts for numbers from 0 on, in chunks that are never moved. */
export interface Counts extends Iterable<number> {
  /** One more than the highest number that was counted. */
  readonly end: number;
  /** Adds to the count of a number, which is at most `end`. */
  add(number: number, by: number): void;
}

export function createCounts(): Counts {
  const chunks: Int32Array[] = [];
  let end = 0;
  return {
    get end() {
      return end;
    },
    add(number, by) {
      if (number === end && (end++ & CHUNK_MASK) === 0) chunks.push(new Int32Array(2 ** CHUNK_BITS));
      const chunk = chunks[number >> CHUNK_BITS] ?? NOTHING;
      chunk[number & CHUNK_MASK] = (chunk[number & CHUNK_MASK] ?? 0) + by;
    },
    *[Symbol.iterator]() {
      for (let number = 0; number < end; number++) {
        const count = chunks[number >> CHUNK_BITS]?.[number & CHUNK_MASK] ?? 0;
        if (count > 0) yield count;
      }
    },
  };
}
