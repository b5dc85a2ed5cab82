import { invalidRequest } from '../../problem.js';

/** The separators to try, in order of preference. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** The values of `separator=`, as the documentation shows them. */
export const SEPARATOR_NAMES = ['auto', 'none', ',', ';', 'tab', '|'] as const;

/** A tab may also be given as the character itself. */
const NAMED: Readonly<Record<string, string>> = { ',': ',', ';': ';', tab: '\t', '\t': '\t', '|': '|', none: '' };

/** The character that `separator=` names, empty for `none`; null if the list decides. */
export function parseSeparator(text: string | undefined): string | null {
  if (text === undefined || text === 'auto') return null;
  const separator = NAMED[text];
  if (separator === undefined) throw invalidRequest('separator', 'must be auto, none, `,`, `;`, tab or `|`');
  return separator;
}

/** The name of a separator in `separator=` and in answers; null if there is none. */
export function separatorName(separator: string): string | null {
  if (separator === '') return null;
  return separator === '\t' ? 'tab' : separator;
}

/** An empty row of a sheet, with any of the separators. */
export const ONLY_SEPARATORS = /^[\s,;|]*$/;
/** The same as a whole line. A CR at the end of the text is no whole line end yet. */
const LINE_OF_SEPARATORS = /[^\S\r\n]*(?:[,;|][^\S\r\n]*)*(?:\r\n|\n|\r(?=[\s\S]))/y;

/** Skips lines that hold only separators and white space. Returns where they end, and their number. */
export function passSeparators(text: string, from: number): { to: number; lines: number } {
  let [to, lines] = [from, 0];
  for (LINE_OF_SEPARATORS.lastIndex = from; LINE_OF_SEPARATORS.test(text); to = LINE_OF_SEPARATORS.lastIndex) lines++;
  return { to, lines };
}

const SEPARATOR_LINE = /^"?sep=([^"\r\n])"?(?:\r\n?|\n|$)/i;

/** A first line `sep=…`, by which spreadsheets name the separator; null if there is none. */
export function separatorLine(text: string): { separator: string; length: number } | null {
  const [line, separator] = SEPARATOR_LINE.exec(text) ?? [];
  return line === undefined || separator === undefined ? null : { separator, length: line.length };
}
