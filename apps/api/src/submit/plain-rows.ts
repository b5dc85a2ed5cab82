import { createPlainReader, type NormaliseOptions } from '@linkhaul/schemas';
import type { PlainRow } from '@linkhaul/storage';
import type { DistinctTargets } from './distinct-targets.js';
import type { ByteRange } from './submission.js';

interface PlainRows {
  /** The row as it is to be stored, its target noted; null where its text has to be looked at. It is the same object each time. */
  read(line: number, range: ByteRange, id: string | null): PlainRow | null;
}

/** The rows of which nearly every list consists, without a string or an object for any of them. */
export function createPlainRows(rules: NormaliseOptions, distinct: DistinctTargets): PlainRows {
  const reader = createPlainReader(rules);
  const row: { -readonly [Key in keyof PlainRow]: PlainRow[Key] } = {
    line: 0,
    bytes: Buffer.alloc(0),
    from: 0,
    to: 0,
    targetFrom: 0,
    id: null,
    kind: 'domain',
    duplicateOf: null,
  };
  return {
    read(line, range, id) {
      if (!reader.read(range.bytes, range.from, range.to)) return null;
      const { found } = reader;
      row.line = line;
      row.bytes = range.bytes;
      row.from = range.from;
      row.to = range.to;
      row.targetFrom = found.targetFrom;
      row.id = id;
      row.kind = found.kind;
      row.duplicateOf = distinct.firstLineOfPlain(line, range, found);
      return row;
    },
  };
}
