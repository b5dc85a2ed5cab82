import { invalidRequest } from '../../problem.js';

/** Those that are tried; of two that fit alike the comma counts first. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** What `separator=` may be, as the documentation shows it. */
export const SEPARATOR_NAMES = ['auto', 'none', ',', ';', 'tab', '|'] as const;

/** A tab may also stand for itself. */
const NAMED: Readonly<Record<string, string>> = { ',': ',', ';': ';', tab: '\t', '\t': '\t', '|': '|', none: '' };

/** The character that `separator=` names, none for `none`; null where it is to be found out. */
export function parseSeparator(text: string | undefined): string | null {
  if (text === undefined || text === 'auto') return null;
  const separator = NAMED[text];
  if (separator === undefined) throw invalidRequest('separator', 'must be auto, none, `,`, `;`, tab or `|`');
  return separator;
}

/** As `separator=` and the answer have it; null where nothing separates. */
export function separatorName(separator: string): string | null {
  if (separator === '') return null;
  return separator === '\t' ? 'tab' : separator;
}

/** A row of a sheet in which nothing stands, whichever of them separates the others. */
export const ONLY_SEPARATORS = /^[\s,;|]*$/;
/** The same as a line, with its end, which a CR at the end of the text may be only half of. */
const LINE_OF_SEPARATORS = /[^\S\r\n]*(?:[,;|][^\S\r\n]*)*(?:\r\n|\n|\r(?=[\s\S]))/y;

/** Goes from a place over lines of nothing but separators and white space: where they end, and how many they are. */
export function passSeparators(text: string, from: number): { to: number; lines: number } {
  let [to, lines] = [from, 0];
  for (LINE_OF_SEPARATORS.lastIndex = from; LINE_OF_SEPARATORS.test(text); to = LINE_OF_SEPARATORS.lastIndex) lines++;
  return { to, lines };
}

const SEPARATOR_LINE = /^"?sep=([^"\r\n])"?(?:\r\n?|\n|$)/i;

/** A first line by which spreadsheets say what separates the fields; null where there is none. */
export function separatorLine(text: string): { separator: string; length: number } | null {
  const [line, separator] = SEPARATOR_LINE.exec(text) ?? [];
  return line === undefined || separator === undefined ? null : { separator, length: line.length };
}
