import type { Cell, Columns } from '@linkhaul/schemas';

/** Whether the file is for a spreadsheet, which would run text as a formula. */
export interface CsvOptions {
  readonly spreadsheet: boolean;
}

const NEEDS_QUOTES = /[",\r\n]|^$/;
const FORMULA = /^[=+\-@\t\r]/;

/** The names of the columns as one record of RFC 4180. */
export function csvHeader({ list }: Columns): string {
  return `${list.map(({ name }) => name).join(',')}\r\n`;
}

/** Cells as one record of RFC 4180. Null is nothing, and an empty text is a pair of quotes. */
export function csvRecord(cells: readonly Cell[], options: CsvOptions): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? textCell(cell, options) : (cell ?? ''))).join(',')}\r\n`;
}

function textCell(text: string, { spreadsheet }: CsvOptions): string {
  const shown = spreadsheet && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
