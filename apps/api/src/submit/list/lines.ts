import { eachLine } from './line-ends.js';
import { type ListReader, MAX_LINE_LENGTH, tooLong } from './read-list.js';

interface LineRules {
  /** Gets the line without its line end. */
  readonly isComment: (text: string) => boolean;
  take(line: number, text: string): void;
}

/** Reads a list with one row on each line. Blank lines and comments are counted and skipped. */
export function createLineReader({ isComment, take }: LineRules): ListReader {
  const passed = { blank: 0, comments: 0 };
  let line = 1;
  const takeLine = (text: string) => {
    if (text.length > MAX_LINE_LENGTH) throw tooLong(line);
    if (isBlank(text)) passed.blank++;
    else if (isComment(text)) passed.comments++;
    else take(line, text);
    line++;
  };
  return {
    get line() {
      return line;
    },
    mostHeld: MAX_LINE_LENGTH,
    passed,
    read: (text, isLast) => eachLine(text, isLast, takeLine),
  };
}

/** Whether a line holds nothing but white space. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly every line begins with a printable ASCII character, and is not blank.
  if (first > 0x20 && first < 0x7f) return false;
  return text.trim() === '';
}
