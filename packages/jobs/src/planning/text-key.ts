import { randomFillSync } from 'node:crypto';

/** A hash of a text, in 96 bits. */
export interface TextKey {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

interface TextKeys {
  /** The key of the letters from `from` to `to`, without the one at `without`. Returns the same object each time. */
  of(text: string, range: { readonly from: number; readonly to: number; readonly without: number }): TextKey;
  /** The key that was made last. */
  readonly last: TextKey;
}

const MAX_LENGTH = 2048;
const LANES = 4;

/**
 * Makes keys for the texts of one list, which have at most 2,048 ASCII letters and no zeros. A key is four sums of the
 * letters, each multiplied by a random number of its place (multilinear hashing); the upper 24 bits of each sum are
 * kept. Two texts that do not depend on these numbers have the same key with a probability of 2^-96; among ten million
 * texts the probability of such a pair is below 10^-15, which is less than that of a disk error. The numbers are new
 * for each list, so nobody can construct such a pair.
 */
export function createTextKeys(): TextKeys {
  const factors = randomFillSync(new Int32Array(LANES * (MAX_LENGTH + 1)));
  const letters = Buffer.alloc(MAX_LENGTH);
  const key = { a: 0, b: 0, c: 0 };
  return {
    last: key,
    of(text, { from, to, without }) {
      // Reading bytes takes less time than reading letter by letter from a string.
      letters.write(text, 'latin1');
      let h0 = factors[0] ?? 0;
      let h1 = factors[1] ?? 0;
      let h2 = factors[2] ?? 0;
      let h3 = factors[3] ?? 0;
      let place = LANES;
      for (let at = from, end = without; at < to; at = end + 1, end = to) {
        for (; at < end; at++, place += LANES) {
          const code = letters[at] ?? 0;
          h0 = (h0 + Math.imul(code, factors[place] ?? 0)) | 0;
          h1 = (h1 + Math.imul(code, factors[place + 1] ?? 0)) | 0;
          h2 = (h2 + Math.imul(code, factors[place + 2] ?? 0)) | 0;
          h3 = (h3 + Math.imul(code, factors[place + 3] ?? 0)) | 0;
        }
      }
      // The upper 24 bits of each sum. Those of the fourth are spread over the three parts.
      key.a = (h0 & ~0xff) | (h3 >>> 24);
      key.b = (h1 & ~0xff) | ((h3 >>> 16) & 0xff);
      key.c = (h2 & ~0xff) | ((h3 >>> 8) & 0xff);
      return key;
    },
  };
}
