const LINE_END = /\r\n?|\n/g;

/** A cell that begins with a quote, in the text that has come so far. */
export interface QuotedCell {
  readonly text: string;
  /** Where its record begins. */
  readonly record: number;
  readonly open: number;
  /** The end of the text if there is no closing quote. */
  readonly close: number;
  readonly separator: string;
  readonly isLast: boolean;
}

/**
 * Whether all lines that the quotes would make one cell have the same number of columns. Then a program wrote the quotes without
 * quoting them: they are text, and each line is a row. Null if the end of the last line has not come yet.
 */
export function holdsRows({ text, record, open, close, separator, isLast }: QuotedCell): boolean | null {
  const isClosed = close < text.length;
  if (isClosed && !text.slice(open, close).includes(separator)) return false;
  LINE_END.lastIndex = close;
  const end = LINE_END.exec(text)?.index ?? text.length;
  if (isClosed && end === text.length && !isLast) return null;
  const lines = text.slice(Math.max(record, lineOf(text, open)), end).split(LINE_END);
  // The last line has not come whole.
  if (!isClosed && !isLast) lines.pop();
  const [first = 1, ...others] = lines.filter((line) => line !== '').map((line) => line.split(separator).length);
  return first > 1 && others.every((columns) => columns === first);
}

/** Where the line begins on which the place lies. */
function lineOf(text: string, place: number): number {
  return Math.max(text.lastIndexOf('\n', place), text.lastIndexOf('\r', place)) + 1;
}
