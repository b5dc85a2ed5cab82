import type { LoadedRows } from './loaded-rows.js';
import { type Compare, sortSteps } from './sort-steps.js';

export interface Sort {
  /** A column's name, `line` or `target`. */
  readonly by: string;
  readonly isDescending: boolean;
}

interface Wish {
  /** Part of the target; upper and lower case are the same. */
  readonly text: string;
  readonly sort: Sort | null;
}

const LOOKED_AT_ONCE = 8192;

/** The loaded rows that match, in order. Null if these are all rows in the order in which they were loaded. */
export function* orderSteps(rows: LoadedRows, { text, sort }: Wish): Generator<void, Uint32Array | null> {
  if (text === '' && sort === null) return null;
  const order = yield* matchingSteps(rows, text.toLowerCase());
  return sort === null ? order : yield* sortSteps(order, compareBy(rows, sort));
}

function* matchingSteps(rows: LoadedRows, text: string): Generator<void, Uint32Array> {
  const { count } = rows;
  const indexes = new Uint32Array(count);
  let found = 0;
  for (let index = 0; index < count; index++) {
    if (text === '' || rows.targetAt(index).toLowerCase().includes(text)) indexes[found++] = index;
    if (index % LOOKED_AT_ONCE === 0) yield;
  }
  return indexes.slice(0, found);
}

/** Rows without a value come last in either direction. Equal rows keep their order. */
function compareBy(rows: LoadedRows, { by, isDescending }: Sort): Compare {
  const sign = isDescending ? -1 : 1;
  if (by === 'target') return compareTexts((index) => rows.targetAt(index), sign);
  if (by === 'line') return compareNumbers(numbersOf(rows.count, rows.lineAt), sign);
  const cells = rows.cells(by);
  if (cells?.order === 'number') return compareNumbers(numbersOf(rows.count, cells.at), sign);
  return compareTexts((index) => {
    const cell = cells?.at(index);
    return typeof cell === 'string' ? cell : null;
  }, sign);
}

/** Reads each number once: sorting a million rows needs each of them some twenty times. */
function numbersOf(count: number, at: (index: number) => unknown): Float64Array {
  const numbers = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const value = at(index);
    numbers[index] = typeof value === 'number' ? value : Number.NaN;
  }
  return numbers;
}

function compareNumbers(numbers: Float64Array, sign: number): Compare {
  return (a, b) => {
    const first = numbers[a] ?? Number.NaN;
    const second = numbers[b] ?? Number.NaN;
    if (first < second) return -sign;
    if (first > second) return sign;
    return Number(Number.isNaN(first)) - Number(Number.isNaN(second)) || a - b;
  };
}

function compareTexts(textAt: (index: number) => string | null, sign: number): Compare {
  return (a, b) => {
    const first = textAt(a);
    const second = textAt(b);
    if (first === null || second === null) return Number(first === null) - Number(second === null) || a - b;
    if (first === second) return a - b;
    return first < second ? -sign : sign;
  };
}
