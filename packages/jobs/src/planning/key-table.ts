import type { TextKey } from './text-key.js';

/** Words of an entry: the last two parts of its key, the line, and the number with 1 added. */
const WORDS = 4;
const B = 0;
const C = 1;
const LINE = 2;
const NUMBER = 3;
/** The entries of a chunk, as a power of two. */
const CHUNK_BITS = 15;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;
/** A place of the index: the first part of a key, and its entry, counted from 1, or 0 where it is free. */
const PLACE = 2;
const FIRST_PLACES = 2 ** 10;
/** The slices of the index, as a power of two, by the upper bits of the keys' first parts. */
const SLICE_BITS = 4;
const SLICE_SHIFT = 32 - SLICE_BITS;
const NOTHING = new Int32Array();

/**
 * What is known of texts by their keys: the line, from 1 to 2^31 - 1, in which one came first, and a number. The texts are
 * not kept. Entries stand one after the other, in chunks that never move. Where, says an open-addressing index, three
 * quarters of it taken at most. It is in the order of the keys' first parts, but for those that had to move on, and holds
 * these parts: so little memory is touched at random, and to grow it is to read it and to write the new one from front to back.
 * It is in slices that grow by themselves: in one, ten million keys would hold others up for longer than a tenth of a second.
 */
export class KeyTable {
  readonly #chunks: Int32Array[] = [];
  readonly #slices: Int32Array[] = Array.from({ length: 2 ** SLICE_BITS }, () => new Int32Array(PLACE * FIRST_PLACES));
  /** How many places of each slice are taken. */
  readonly #taken = new Int32Array(2 ** SLICE_BITS);
  #entries = 0;
  #lines = 0;
  /** Of the keys that were met at the last look, those alike with a line, and the first of these lines. */
  #met = 0;
  #metFirst = 0;
  #alike = 0;
  #firstAlike = 0;

  /** How many keys have a line. */
  get lines(): number {
    return this.#lines;
  }

  /** How many keys with the same `a` and `c`, but another `b`, had a line when the last new one came. */
  get alike(): number {
    return this.#alike;
  }

  /** The first line of those; 0 where there is none. */
  get firstAlike(): number {
    return this.#firstAlike;
  }

  /** The line that the key has; where it has none, it gets this one, and the answer is 0. */
  putIfNew(key: TextKey, line: number): number {
    const entry = this.#entryOf(key);
    const chunk = this.#chunkOf(entry);
    const at = placeInChunk(entry) + LINE;
    const first = chunk[at] ?? 0;
    if (first !== 0) return first;
    chunk[at] = line;
    this.#lines++;
    this.#alike = this.#met;
    this.#firstAlike = this.#metFirst;
    return 0;
  }

  /** The number that the key has; where it has none, it gets this one. */
  number(key: TextKey, next: number): number {
    const entry = this.#entryOf(key);
    const chunk = this.#chunkOf(entry);
    const at = placeInChunk(entry) + NUMBER;
    const known = chunk[at] ?? 0;
    if (known !== 0) return known - 1;
    chunk[at] = next + 1;
    return next;
  }

  /** The key's entry, counted from 1, which is made where there is none. */
  #entryOf(key: TextKey): number {
    const { a, b, c } = key;
    const index = this.#sliceOf(a);
    const last = index.length - PLACE;
    let place = firstPlace(a, index);
    let own = 0;
    this.#met = 0;
    this.#metFirst = 0;
    // Keys with one `a` are all met on the way to a free place: nothing is ever taken out.
    for (let entry = index[place + 1] ?? 0; entry !== 0; entry = index[place + 1] ?? 0) {
      if (index[place] === a && this.#word(entry, C) === c) {
        if (this.#word(entry, B) === b) own = entry;
        else this.#meet(this.#word(entry, LINE));
      }
      place = place === last ? 0 : place + PLACE;
    }
    return own === 0 ? this.#append(place, key) : own;
  }

  /** Takes note of a key that is alike, by its line. */
  #meet(line: number): void {
    if (line === 0) return;
    this.#met++;
    if (this.#metFirst === 0 || line < this.#metFirst) this.#metFirst = line;
  }

  #append(place: number, { a, b, c }: TextKey): number {
    const entry = ++this.#entries;
    const at = placeInChunk(entry);
    if (at === 0) this.#chunks.push(new Int32Array(WORDS * 2 ** CHUNK_BITS));
    const chunk = this.#chunkOf(entry);
    chunk[at + B] = b;
    chunk[at + C] = c;
    const slice = a >>> SLICE_SHIFT;
    const index = this.#sliceOf(a);
    index[place] = a;
    index[place + 1] = entry;
    const taken = (this.#taken[slice] ?? 0) + 1;
    this.#taken[slice] = taken;
    if (4 * PLACE * taken >= 3 * index.length) this.#slices[slice] = grown(index);
    return entry;
  }

  #sliceOf(a: number): Int32Array {
    return this.#slices[a >>> SLICE_SHIFT] ?? NOTHING;
  }

  #word(entry: number, word: number): number {
    return this.#chunkOf(entry)[placeInChunk(entry) + word] ?? 0;
  }

  #chunkOf(entry: number): Int32Array {
    return this.#chunks[(entry - 1) >> CHUNK_BITS] ?? NOTHING;
  }
}

function placeInChunk(entry: number): number {
  return ((entry - 1) & CHUNK_MASK) * WORDS;
}

/** Where a key is looked for first in its slice: at the next bits of its first part, as many as the slice has. */
function firstPlace(a: number, index: Int32Array): number {
  return PLACE * ((a << SLICE_BITS) >>> Math.clz32(index.length / PLACE - 1));
}

/** The same slice with twice the places. */
function grown(old: Int32Array): Int32Array {
  const index = new Int32Array(2 * old.length);
  const last = index.length - PLACE;
  for (let from = 0; from < old.length; from += PLACE) {
    const entry = old[from + 1] ?? 0;
    if (entry === 0) continue;
    const a = old[from] ?? 0;
    let place = firstPlace(a, index);
    while (index[place + 1] !== 0) place = place === last ? 0 : place + PLACE;
    index[place] = a;
    index[place + 1] = entry;
  }
  return index;
}
