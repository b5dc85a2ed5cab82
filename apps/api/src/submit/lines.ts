import { type ListReader, MAX_LINE_BYTES, tooLong } from './read-list.js';
import { createReusedRow, type RowBytes } from './submission.js';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Reads a list of a row a line. What is taken is the line without its end, and no id; it is the same object each time. */
export function createLineReader(take: (line: number, range: RowBytes) => void): ListReader {
  const range = createReusedRow();
  let line = 1;

  const takeLine = (from: number, to: number) => {
    if (to - from > MAX_LINE_BYTES) throw tooLong(line);
    range.from = from;
    range.to = to > from && range.bytes[to - 1] === RETURN ? to - 1 : to;
    if (range.to > from) take(line, range);
  };
  return {
    get line() {
      return line;
    },
    read(bytes, isLast) {
      range.bytes = bytes;
      let from = 0;
      for (let at = 0; at < bytes.length; at++) {
        if (bytes[at] !== LINE_FEED) continue;
        takeLine(from, at);
        from = at + 1;
        line++;
      }
      if (!isLast) return from;
      takeLine(from, bytes.length);
      return bytes.length;
    },
  };
}
