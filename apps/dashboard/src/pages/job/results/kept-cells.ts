import type { CellKind } from './result-columns.js';
import { packed, type Shape, shapeOf, unpacked } from './shapes.js';

export type Cell = string | number | Shape | null;

/** The cells of one column, for all loaded rows. */
export interface KeptCells {
  add(value: unknown): void;
  at(index: number): Cell;
  /** How rows are sorted by this column. NaN and the empty text mean no value, and come last. */
  readonly order: 'number' | 'text' | 'none';
}

/** Longer than any URL that the service accepts. The detail of a row shows whole texts. */
const LONGEST_TEXT = 2100;
const FIRST_SIZE = 1024;

export function keptCells(kind: CellKind): KeptCells {
  if (kind === 'number') return numberCells((value) => (typeof value === 'number' ? value : Number.NaN));
  if (kind === 'time') return numberCells((value) => (typeof value === 'string' ? timeOf(value) : Number.NaN));
  return kind === 'text' ? textCells() : shapeCells();
}

/** A growing list of numbers that takes eight bytes per row. */
export function growingNumbers(): { add(value: number): void; at(index: number): number } {
  let numbers = new Float64Array(FIRST_SIZE);
  let count = 0;
  return {
    add(value) {
      if (count === numbers.length) {
        const larger = new Float64Array(count * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[count++] = value;
    },
    at: (index) => numbers[index] ?? Number.NaN,
  };
}

function numberCells(numberOf: (value: unknown) => number): KeptCells {
  const numbers = growingNumbers();
  return {
    order: 'number',
    add: (value) => numbers.add(numberOf(value)),
    at(index) {
      const value = numbers.at(index);
      return Number.isNaN(value) ? null : value;
    },
  };
}

function textCells(): KeptCells {
  const texts: (string | null)[] = [];
  return {
    order: 'text',
    add: (value) => texts.push(value === null || value === undefined ? null : kept(String(value))),
    at: (index) => texts[index] ?? null,
  };
}

/** Kept as short texts, in a tenth of the memory that objects would take. */
function shapeCells(): KeptCells {
  const texts: (string | null)[] = [];
  return {
    order: 'none',
    add(value) {
      const shape = shapeOf(value);
      texts.push(shape === null ? null : packed(shape));
    },
    at(index) {
      const text = texts[index] ?? null;
      return text === null ? null : unpacked(text);
    },
  };
}

function kept(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  // A slice would keep the whole text in memory; a copy by way of bytes does not.
  return new TextDecoder().decode(new TextEncoder().encode(`${text.slice(0, LONGEST_TEXT)}…`));
}

/** The upstream writes `2021-09-21 09:18:09 +00:00`, which not every browser can parse. */
export function timeOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{2}:\d{2})$/, '$1T$2$3'));
}
