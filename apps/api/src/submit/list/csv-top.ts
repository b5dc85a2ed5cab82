import { passSeparators, separatorLine } from './separators.js';

/** The lines above the first record of a CSV. */
export interface CsvTop {
  /** The line on which the rest begins. */
  readonly line: number;
  /** The separator that a first line `sep=…` names; null without such a line. */
  readonly separator: string | null;
  readonly passed: { blank: number; readonly comments: number };
  /** Returns how many characters at the beginning of the text belong to these lines. */
  pass(text: string, isLast: boolean): number;
}

/** Skips a first line that names the separator, and any blank lines after it. */
export function createTop(): CsvTop {
  const top = { line: 1, separator: null as string | null, passed: { blank: 0, comments: 0 } };
  const passSeparator = (text: string, isLast: boolean): number => {
    const separatorAt = top.line === 1 ? separatorLine(text) : null;
    // The line may not be complete yet.
    if (separatorAt === null || (!isLast && separatorAt.length === text.length)) return 0;
    top.line = 2;
    top.separator = separatorAt.separator;
    return separatorAt.length;
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
