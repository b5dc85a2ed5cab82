import { z } from 'zod';
import { firstError } from '../../request/field-errors.js';

/** The separators to try, in order of preference. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** `separator=` of a list's query, as the documentation shows it. */
export const separatorParameter = z
  .enum(['auto', 'none', ',', ';', 'tab', '|'], { error: 'must be auto, none, `,`, `;`, tab or `|`' })
  .default('auto')
  .describe(
    'The separator of the columns. `auto`: in a CSV, the one that gives the most valid targets in the first 100 records; a first line `sep=;` is obeyed. `none`: each line is one target, even if it looks like columns. Any other makes `text/plain` a CSV.',
  );

const NAMED = { auto: null, none: '', ',': ',', ';': ';', tab: '\t', '|': '|' } as const;

/** The character that `separator=` names, empty for `none`; null if the list decides. */
export function parseSeparator(text: string | undefined): string | null {
  // A tab may also be given as the character itself.
  const { data, error } = separatorParameter.safeParse(text === '\t' ? 'tab' : text);
  if (error !== undefined) throw firstError(error, 'separator');
  return NAMED[data];
}

/** The name of a separator in `separator=` and in answers; null if there is none. */
export function separatorName(separator: string): string | null {
  if (separator === '') return null;
  return separator === '\t' ? 'tab' : separator;
}

/** An empty row of a sheet, whatever its separator. */
export const ONLY_SEPARATORS = /^[\s,;|]*$/;
/** An empty row as a whole line. A CR at the end of the text may be the first half of CRLF. */
const LINE_OF_SEPARATORS = /[^\S\r\n]*(?:[,;|][^\S\r\n]*)*(?:\r\n|\n|\r(?=[\s\S]))/y;

/** Skips lines that hold only separators and white space. Returns where they end, and their number. */
export function passSeparators(text: string, from: number): { to: number; lines: number } {
  let [to, lines] = [from, 0];
  for (LINE_OF_SEPARATORS.lastIndex = from; LINE_OF_SEPARATORS.test(text); to = LINE_OF_SEPARATORS.lastIndex) lines++;
  return { to, lines };
}

const SEPARATOR_LINE = /^"?sep=([^"\r\n])"?(?:\r\n?|\n|$)/i;

/** Reads a first line `sep=…`, in which spreadsheets name the separator; null if there is none. */
export function separatorLine(text: string): { separator: string; length: number } | null {
  const [line, separator] = SEPARATOR_LINE.exec(text) ?? [];
  return line === undefined || separator === undefined ? null : { separator, length: line.length };
}
