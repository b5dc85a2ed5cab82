import type { TextKey } from './text-key.js';

/** The words of an entry: the last two parts of its key, the line, and the number plus 1. */
const WORDS = 4;
const B = 0;
const C = 1;
const LINE = 2;
const NUMBER = 3;
/** Entries per chunk, as a power of two. */
const CHUNK_BITS = 15;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;
/**
 * The words of a place in the index: the first part of a key, and the number of its entry, from 1. 0 if the place is
 * free.
 */
const PLACE = 2;
const FIRST_PLACES = 2 ** 10;
/** How many slices the index has, as a power of two. The upper bits of a key's first part choose the slice. */
const SLICE_BITS = 4;
const SLICE_SHIFT = 32 - SLICE_BITS;
const NOTHING = new Int32Array();

/**
 * What is known about texts, by their keys: the line, from 1 to 2^31 - 1, in which a text came first, and a number. The
 * texts are not kept. Entries follow each other in chunks that are never moved. An open-addressing index finds them; at
 * most three quarters of it are taken. It is ordered by the first parts of the keys, except for those that had to move
 * on, and holds these parts. So little memory is touched at random, and growing means to read the old index and write
 * the new one from front to back. Its slices grow one by one: as one piece, ten million keys would block the process
 * for more than a tenth of a second.
 */
export class KeyTable {
  readonly #chunks: Int32Array[] = [];
  readonly #slices: Int32Array[] = Array.from({ length: 2 ** SLICE_BITS }, () => new Int32Array(PLACE * FIRST_PLACES));
  /** How many places of each slice are taken. */
  readonly #taken = new Int32Array(2 ** SLICE_BITS);
  #entries = 0;
  #lines = 0;
  /** Of the keys alike that the last search met: how many have a line, and the lowest of these lines. */
  #met = 0;
  #metFirst = 0;
  #alike = 0;
  #firstAlike = 0;

  /** How many keys have a line. */
  get lines(): number {
    return this.#lines;
  }

  /** How many keys with the same `a` and `c`, but another `b`, had a line when the last new key came. */
  get alike(): number {
    return this.#alike;
  }

  /** The first line of those keys. 0 if there is none. */
  get firstAlike(): number {
    return this.#firstAlike;
  }

  /** Gives the key this line and returns 0, if it has none. Otherwise returns the line that it has. */
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

  /** The key's number. If it has none, it gets `next`. */
  number(key: TextKey, next: number): number {
    const entry = this.#entryOf(key);
    const chunk = this.#chunkOf(entry);
    const at = placeInChunk(entry) + NUMBER;
    const known = chunk[at] ?? 0;
    if (known !== 0) return known - 1;
    chunk[at] = next + 1;
    return next;
  }

  /** The number of the key's entry, from 1. Makes the entry if there is none. */
  #entryOf(key: TextKey): number {
    const { a, b, c } = key;
    const index = this.#sliceOf(a);
    const last = index.length - PLACE;
    let place = firstPlace(a, index);
    let own = 0;
    this.#met = 0;
    this.#metFirst = 0;
    // The search meets all keys with the same `a` before a free place, because nothing is ever taken out.
    for (let entry = index[place + 1] ?? 0; entry !== 0; entry = index[place + 1] ?? 0) {
      if (index[place] === a && this.#word(entry, C) === c) {
        if (this.#word(entry, B) === b) own = entry;
        else this.#meet(this.#word(entry, LINE));
      }
      place = place === last ? 0 : place + PLACE;
    }
    return own === 0 ? this.#append(place, key) : own;
  }

  /** Notes a key that is alike, with its line. */
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

/** Where the search for a key begins in its slice: the next bits of its first part, as many as the slice needs. */
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
