import { printable } from './printable.js';

/** Longer cells are cut: a tag may have 255 characters. */
const MOST_WIDTH = 48;

/** Columns are as wide as their widest cell. Columns of numbers are aligned to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows.map((row) => row.map((cell) => shortened(printable(cell))))];
  const widths = header.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  const figures = header.map((_, column) => rows.length > 0 && rows.every((row) => isFigure(row[column] ?? '')));
  const line = (row: readonly string[]) =>
    header.map((_, column) => pad(row[column] ?? '', widths[column] ?? 0, figures[column] === true)).join('  ');
  return all.map((row) => line(row).trimEnd()).join('\n');
}

function isFigure(cell: string): boolean {
  return /^(-|[-+$]?[\d.,]+( ?%)?)$/.test(cell);
}

function pad(cell: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - widthOf(cell));
  return right ? space + cell : cell + space;
}

function shortened(cell: string): string {
  const characters = [...cell];
  return characters.length <= MOST_WIDTH ? cell : `${characters.slice(0, MOST_WIDTH - 1).join('')}…`;
}

function widthOf(cell: string): number {
  return [...cell].length;
}
