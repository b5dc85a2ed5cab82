import { passSeparators, separatorLine } from './separators.js';

/** What stands above the first record of a CSV and is none. */
export interface CsvTop {
  /** The number of the line in which the rest begins. */
  readonly line: number;
  /** What a first line says that separates the fields; null where none does. */
  readonly separator: string | null;
  readonly passed: { blank: number; readonly comments: number };
  /** How many characters at the beginning of the text, as far as it has come, are of it. */
  pass(text: string, isLast: boolean): number;
}

/** Passes over a first line that names the separator, and over blank lines as they come, however many there are. */
export function createTop(): CsvTop {
  const top = { line: 1, separator: null as string | null, passed: { blank: 0, comments: 0 } };
  const passSeparator = (text: string, isLast: boolean): number => {
    const said = top.line === 1 ? separatorLine(text) : null;
    // What may go on is not a whole line yet.
    if (said === null || (!isLast && said.length === text.length)) return 0;
    top.line = 2;
    top.separator = said.separator;
    return said.length;
  };
  return {
    get line() {
      return top.line;
    },
    get separator() {
      return top.separator;
    },
    passed: top.passed,
    pass(text, isLast) {
      const from = passSeparator(text, isLast);
      const { to, lines } = passSeparators(text, from);
      top.line += lines;
      top.passed.blank += lines;
      return to;
    },
  };
}
