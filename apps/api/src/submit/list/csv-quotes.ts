const LINE_END = /\r\n?|\n/g;

/** A cell that begins with a quote, in the text so far. */
export interface QuotedCell {
  readonly text: string;
  /** Where its record begins. */
  readonly record: number;
  readonly open: number;
  /** The closing quote, or the end of the text if there is none. */
  readonly close: number;
  readonly separator: string;
  readonly isLast: boolean;
}

/**
 * Whether all lines between the quotes have the same number of columns. Then the program that wrote the list did not escape its
 * quotes: they are part of the text, and each line is a row. Null if the last line is incomplete.
 */
export function holdsRows({ text, record, open, close, separator, isLast }: QuotedCell): boolean | null {
  const isClosed = close < text.length;
  if (isClosed && !text.slice(open, close).includes(separator)) return false;
  LINE_END.lastIndex = close;
  const end = LINE_END.exec(text)?.index ?? text.length;
  if (isClosed && end === text.length && !isLast) return null;
  const lines = text.slice(Math.max(record, lineOf(text, open)), end).split(LINE_END);
  // The last line is incomplete.
  if (!isClosed && !isLast) lines.pop();
  const [first = 1, ...others] = lines.filter((line) => line !== '').map((line) => line.split(separator).length);
  return first > 1 && others.every((columns) => columns === first);
}

/** Where the line at this place begins. */
function lineOf(text: string, place: number): number {
  return Math.max(text.lastIndexOf('\n', place), text.lastIndexOf('\r', place)) + 1;
}
