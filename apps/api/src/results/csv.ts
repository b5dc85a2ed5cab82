import type { Cell } from '@linkhaul/schemas';

/** Whether the file is for a spreadsheet, which would run some texts as formulas and not recognise UTF-8. */
export interface CsvOptions {
  readonly spreadsheet: boolean;
}

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

const BYTE_ORDER_MARK = '\ufeff';
const NEEDS_QUOTES = /[",\r\n]|^$/;
/** Spreadsheets ignore white space and invisible marks, and read full-width and small forms as the plain characters. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]|^[\t\r\n]/u;

/** The first record (RFC 4180), which names the columns. Every CSV of the service begins with it. */
export function csvHeader(names: readonly string[], options: CsvOptions): string {
  return `${options.spreadsheet ? BYTE_ORDER_MARK : ''}${csvRecord(names, options)}`;
}

/** Cells as one record. Null is an empty cell, an empty text is a pair of quotes. */
export function csvRecord(cells: readonly Cell[], options: CsvOptions): string {
  return `${cells.map((cell) => cellText(cell, options)).join(',')}\r\n`;
}

function cellText(cell: Cell, options: CsvOptions): string {
  if (typeof cell === 'string') return textCell(cell, options);
  return typeof cell === 'number' ? numberCell(cell) : String(cell ?? '');
}

function textCell(text: string, { spreadsheet }: CsvOptions): string {
  const shown = spreadsheet && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** Writes a number with all its digits, and never as 1e-9. */
function numberCell(number: number): string {
  const text = String(number);
  const [, sign = '', whole = '', fraction = '', places] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  return places === undefined ? text : `${sign}0.${'0'.repeat(Number(places) - 1)}${whole}${fraction}`;
}
