const MARK = 'WARC/';
const START = /^WARC\/\d+\.\d+[ \t]*\r?\n/;
const LONGEST = 32;
const NAMED = /^WARC\/\d+\.\d+[ \t]*\r?\n[\w-]+[ \t]*:/;

/** Whether bytes begin with the first line of a record. */
export function startsRecord(bytes: Buffer): boolean {
  return START.test(bytes.toString('latin1', 0, LONGEST));
}

/**
 * Where a record begins within bytes: its first line, and behind it the name of a field. -1 if none does. Behind a record that
 * was cut off, it begins within a line.
 */
export function findStart(bytes: Buffer): number {
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + 1)) {
    if (NAMED.test(bytes.toString('latin1', at, at + LONGEST * 2))) return at;
  }
  return -1;
}
