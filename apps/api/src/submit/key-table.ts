import type { TextKey } from './text-key.js';

/** Words of an entry: the key's three, and the number. */
const WORDS = 4;
const VALUE = 3;
/** A chunk has so many entries, as a power of two. */
const CHUNK_BITS = 15;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;
const FIRST_PLACES = 2 ** 14;
/** Of a place in the index: an entry's number from 1, and above it the upper eight bits of the key's last part. */
const NUMBER_MASK = 2 ** 24 - 1;
const TAG_MASK = ~NUMBER_MASK;
const NO_ENTRIES = new Int32Array();

/**
 * Numbers from 1 to 2^31 - 1 by the keys of texts, for up to 2^24 - 1 texts that are not kept. Entries stand one after the
 * other, in chunks that never move. Where, says an open-addressing index of four bytes a place, three quarters of it taken at
 * most; a few bits of the key in it spare the look at nearly every other key's entry, so that little memory is touched at random.
 */
export class KeyTable {
  readonly #chunks: Int32Array[] = [];
  #index = new Int32Array(FIRST_PLACES);
  #size = 0;
  #alike = 0;

  get size(): number {
    return this.#size;
  }

  /** How many keys with the same `a` and `c`, but another `b`, were there when the last new one came. */
  get alike(): number {
    return this.#alike;
  }

  /** The number that the key has; where it has none, it gets this one, and the answer is 0. */
  putIfNew(key: TextKey, value: number): number {
    const place = this.#placeOf(key);
    const number = (this.#index[place] ?? 0) & NUMBER_MASK;
    if (number !== 0) return this.#chunkOf(number)[placeInChunk(number) + VALUE] ?? 0;
    this.#append(place, key, value);
    return 0;
  }

  /** Adds 1 to the key's number, which is 0 where it has none. */
  increment(key: TextKey): void {
    const place = this.#placeOf(key);
    const number = (this.#index[place] ?? 0) & NUMBER_MASK;
    const at = placeInChunk(number) + VALUE;
    const chunk = this.#chunkOf(number);
    if (number === 0) this.#append(place, key, 1);
    else chunk[at] = (chunk[at] ?? 0) + 1;
  }

  *values(): Generator<number> {
    for (let number = 1; number <= this.#size; number++) yield this.#chunkOf(number)[placeInChunk(number) + VALUE] ?? 0;
  }

  /** Where the key stands in the index, or the free place where it may: there is always one. */
  #placeOf({ a, b, c }: TextKey): number {
    const index = this.#index;
    const mask = index.length - 1;
    const tag = c & TAG_MASK;
    let place = a & mask;
    // Keys with one `a` are all met on the way to a free place: nothing is ever taken out.
    let alike = 0;
    for (let found = index[place] ?? 0; found !== 0; found = index[place] ?? 0) {
      if ((found & TAG_MASK) === tag) {
        const chunk = this.#chunkOf(found & NUMBER_MASK);
        const at = placeInChunk(found & NUMBER_MASK);
        if (chunk[at] === a && chunk[at + 2] === c) {
          if (chunk[at + 1] === b) return place;
          alike++;
        }
      }
      place = (place + 1) & mask;
    }
    this.#alike = alike;
    return place;
  }

  #append(place: number, { a, b, c }: TextKey, value: number): void {
    const number = ++this.#size;
    const at = placeInChunk(number);
    if (at === 0) this.#chunks.push(new Int32Array(WORDS * 2 ** CHUNK_BITS));
    const chunk = this.#chunkOf(number);
    chunk[at] = a;
    chunk[at + 1] = b;
    chunk[at + 2] = c;
    chunk[at + VALUE] = value;
    this.#index[place] = number | (c & TAG_MASK);
    if (4 * number >= 3 * this.#index.length) this.#growIndex();
  }

  #growIndex(): void {
    const index = new Int32Array(2 * this.#index.length);
    const mask = index.length - 1;
    for (let number = 1; number <= this.#size; number++) {
      const chunk = this.#chunkOf(number);
      const at = placeInChunk(number);
      let place = (chunk[at] ?? 0) & mask;
      while (index[place] !== 0) place = (place + 1) & mask;
      index[place] = number | ((chunk[at + 2] ?? 0) & TAG_MASK);
    }
    this.#index = index;
  }

  #chunkOf(number: number): Int32Array {
    return this.#chunks[(number - 1) >> CHUNK_BITS] ?? NO_ENTRIES;
  }
}

function placeInChunk(number: number): number {
  return ((number - 1) & CHUNK_MASK) * WORDS;
}
