import { createPlainReader, type NormaliseOptions } from '@linkhaul/schemas';
import type { PlainRow } from '@linkhaul/storage';
import type { DistinctTargets } from './distinct-targets.js';

/** A row as it stands in UTF-8. */
export interface RowBytes {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  /** The id, which needs no escapes in JSON, is the same bytes from here to `idTo`; -1 where there is none. */
  readonly idFrom: number;
  readonly idTo: number;
}

interface PlainRows {
  /** The row as it is to be stored, its target noted; null where its text has to be looked at. It is the same object each time. */
  read(line: number, given: RowBytes): PlainRow | null;
}

const MAX_HOST_LENGTH = 253;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const CASE = 0x20;
const FIRST_NOT_ASCII = 0x80;

/** The rows of which nearly every list consists, without a string or an object for any of them. */
export function createPlainRows(rules: NormaliseOptions, distinct: DistinctTargets): PlainRows {
  const reader = createPlainReader(rules);
  const lowered = Buffer.alloc(MAX_HOST_LENGTH);
  const row: { -readonly [Key in keyof PlainRow]: PlainRow[Key] } = {
    line: 0,
    bytes: lowered,
    from: 0,
    to: 0,
    target: lowered,
    targetFrom: 0,
    targetTo: 0,
    idFrom: -1,
    idTo: -1,
    kind: 'domain',
    duplicateOf: null,
  };
  const take = (line: number, given: RowBytes, target: Buffer): PlainRow => {
    const { found } = reader;
    row.line = line;
    row.bytes = given.bytes;
    row.from = given.from;
    row.to = given.to;
    row.target = target;
    row.targetFrom = found.targetFrom;
    row.targetTo = found.targetTo;
    row.idFrom = given.idFrom;
    row.idTo = given.idTo;
    row.kind = found.kind;
    row.duplicateOf = distinct.firstLineOfPlain(line, target, found);
    return row;
  };
  return {
    read(line, given) {
      const { bytes, from, to } = given;
      if (reader.read(bytes, from, to)) return take(line, given, bytes);
      // A host is the same in lower case; of a page only its beginning would be. The text is as plain as what was read.
      const isHost = lower(given, lowered) && reader.read(lowered, 0, to - from) && reader.found.kind !== 'page';
      return isHost ? take(line, given, lowered) : null;
    },
  };
}

/** Writes a text in lower case; false where it has no upper case, is not ASCII or does not fit. */
function lower({ bytes, from, to }: RowBytes, lowered: Buffer): boolean {
  if (to - from > lowered.length) return false;
  let isOther = false;
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (code >= FIRST_NOT_ASCII) return false;
    const isUpper = code >= UPPER_A && code <= UPPER_Z;
    isOther ||= isUpper;
    lowered[at - from] = isUpper ? code + CASE : code;
  }
  return isOther;
}
