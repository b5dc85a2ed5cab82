/** How a row's target relates to the other targets of its list, also those in other parts. */
export interface RowNumbers {
  /** The number of its registrable domain. -1 if domains are not counted. */
  readonly domain: number;
  /** The line of the first row of another target with its match key. 0 if there is none, or if its target came before. */
  readonly alike: number;
}

/** The numbers of the rows of one part, by their position in it. */
export interface PartNumbers {
  domainOf(row: number): number;
  alikeOf(row: number): number;
}

interface NumbersOfPart {
  add(numbers: RowNumbers): void;
  /** The bytes that follow the lines of the part. */
  encode(): Buffer;
  clear(): void;
}

/** The end of a part that has numbers. A part without numbers ends with the `]` of its last row. */
const MARK = Buffer.from('\0nr1');
const WORD = 4;
/** The footer: how many domain numbers there are, how many words of alike lines, and the mark. */
const FOOTER_BYTES = 2 * WORD + MARK.length;

export function createNumbersOfPart(rows: number): NumbersOfPart {
  const domains = new Int32Array(rows);
  let count = 0;
  let counted = 0;
  let alikes: number[] = [];
  return {
    add({ domain, alike }) {
      if (domain !== -1) domains[counted++] = domain;
      if (alike !== 0) alikes.push(count, alike);
      count++;
    },
    encode() {
      const bytes = Buffer.allocUnsafe(WORD * (counted + alikes.length) + FOOTER_BYTES);
      let at = 0;
      for (const word of domains.subarray(0, counted)) at = bytes.writeInt32LE(word, at);
      for (const word of alikes) at = bytes.writeInt32LE(word, at);
      at = bytes.writeInt32LE(counted, at);
      at = bytes.writeInt32LE(alikes.length, at);
      MARK.copy(bytes, at);
      return bytes;
    },
    clear() {
      count = 0;
      counted = 0;
      alikes = [];
    },
  };
}

export interface StoredRowPart {
  /** Lines, as `createKeptRows` takes them. */
  readonly lines: Buffer;
  /** Null if an earlier version wrote the part. */
  readonly numbers: PartNumbers | null;
}

/** Cuts a stored part into its rows and their numbers. */
export function splitPart(bytes: Buffer): StoredRowPart {
  if (!bytes.subarray(-MARK.length).equals(MARK)) return { lines: bytes, numbers: null };
  const footer = bytes.length - FOOTER_BYTES;
  const [counted, words] = [bytes.readInt32LE(footer), bytes.readInt32LE(footer + WORD)];
  const alikesFrom = footer - WORD * words;
  const domainsFrom = alikesFrom - WORD * counted;
  const alikes = new Map<number, number>();
  for (let at = alikesFrom; at < footer; at += 2 * WORD)
    alikes.set(bytes.readInt32LE(at), bytes.readInt32LE(at + WORD));
  return {
    lines: bytes.subarray(0, domainsFrom),
    numbers: {
      domainOf: (row) => (row < counted ? bytes.readInt32LE(domainsFrom + WORD * row) : -1),
      alikeOf: (row) => alikes.get(row) ?? 0,
    },
  };
}
