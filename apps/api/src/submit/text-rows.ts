import { createLineReader } from './lines.js';
import type { ListReader } from './read-list.js';
import type { ByteRange, RowSink } from './submission.js';

/** A target a line; blank lines are counted and passed over. */
export function createTextReader(sink: RowSink): ListReader {
  return createLineReader((line, range) => {
    if (!isBlank(range)) sink.bytes(line, range);
  });
}

/** Whether nothing but white space stands there. */
export function isBlank({ bytes, from, to }: ByteRange): boolean {
  const first = bytes[from] ?? 0;
  // What begins with a printable ASCII character is not, and nearly every line does.
  if (to > from && first > 0x20 && first < 0x7f) return false;
  return bytes.toString('utf8', from, to).trim() === '';
}
