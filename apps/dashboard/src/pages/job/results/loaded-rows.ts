import type { Result, RowStatus } from '@linkhaul/schemas';
import { type Cell, growingNumbers, type KeptCells, keptCells } from './kept-cells.js';
import type { ResultColumn } from './result-columns.js';

/** The first results are kept whole: their details open at once, and their columns can change without loading them again. */
const MOST_WHOLE = 2000;

/** Results in the order in which they were loaded. Of most, only the shown columns are kept. */
export interface LoadedRows {
  readonly count: number;
  /** `from` is the cursor of the results' page. */
  add(results: readonly Result[], from: string | null): void;
  lineAt(index: number): number;
  positionAt(index: number): number | null;
  targetAt(index: number): string;
  statusAt(index: number): RowStatus;
  cells(column: string): KeptCells | undefined;
  cellAt(index: number, column: string): Cell;
  /** The whole result, if it is kept. */
  wholeAt(index: number): Result | undefined;
  /** The cursor of the page that a row was loaded with. */
  cursorOf(index: number): string | null;
  /** The same rows with other columns; null if they must be loaded again. */
  withColumns(columns: readonly ResultColumn[]): LoadedRows | null;
}

interface Page {
  readonly from: string | null;
  readonly first: number;
}

export function createLoadedRows(columns: readonly ResultColumn[]): LoadedRows {
  const lines = growingNumbers();
  const positions = growingNumbers();
  const targets: string[] = [];
  const statuses: RowStatus[] = [];
  const kept = columns.map((column) => ({ column, cells: keptCells(column.kind) }));
  const byName = new Map(kept.map(({ column, cells }) => [column.name, cells]));
  const pages: Page[] = [];
  let whole: Result[] | null = [];

  const addOne = (result: Result) => {
    lines.add(result.line);
    positions.add(result.position ?? Number.NaN);
    targets.push(result.target ?? result.input);
    statuses.push(result.status);
    for (const { column, cells } of kept) cells.add(column.valueOf(result));
  };
  return {
    get count() {
      return targets.length;
    },
    add(results, from) {
      if (results.length > 0) pages.push({ from, first: targets.length });
      for (const result of results) addOne(result);
      whole?.push(...results);
      if (targets.length > MOST_WHOLE) whole = null;
    },
    lineAt: (index) => lines.at(index),
    positionAt: (index) => numberOrNull(positions.at(index)),
    targetAt: (index) => targets[index] ?? '',
    statusAt: (index) => statuses[index] ?? 'pending',
    cells: (column) => byName.get(column),
    cellAt: (index, column) => byName.get(column)?.at(index) ?? null,
    wholeAt: (index) => whole?.[index],
    cursorOf: (index) => pages.findLast(({ first }) => first <= index)?.from ?? null,
    withColumns(others) {
      if (whole === null) return null;
      const rows = createLoadedRows(others);
      for (const [at, { from, first }] of pages.entries()) rows.add(whole.slice(first, pages[at + 1]?.first), from);
      return rows;
    },
  };
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
