import { MOST_OF_BLOCK, takeBlock } from './block.js';
import { withBoundaries } from './boundaries.js';
import { Cursor } from './cursor.js';
import { type Fields, headerText, parseFields } from './fields.js';
import type { FileBytes } from './file-bytes.js';
import { see, toNextStart } from './next-start.js';
import { piecesOf } from './pieces.js';
import { findStart, startsRecord } from './record-start.js';

/** A record of an archive. Its block is what it holds behind its fields. */
export interface ArchiveRecord {
  readonly at: number;
  readonly fields: Fields;
  readonly block: Buffer;
  /** Whether bytes of the block are missing. */
  readonly isCut: boolean;
}

/** What is wrong at a place of an archive. Reading goes on behind it. */
interface Complaint {
  readonly reason: 'damaged' | 'no_record' | 'wrong_length' | 'cut_off' | 'block_too_long';
  readonly at: number;
  readonly message: string;
}

export type Complain = (complaint: Complaint) => void;

const MOST_OF_FIELDS = 1024 * 1024;
const BLANK = new Set([0, 9, 10, 13, 32]);
const END_OF_FIELDS = /\n\r?\n/;

/** The records of a WARC or WAT file, plain or gzipped. Throws only what the file system throws. */
export async function* readRecords(file: FileBytes, complain: Complain): AsyncGenerator<ArchiveRecord> {
  const cursor = new Cursor(withBoundaries(piecesOf(file)));
  for (let boundary = cursor.next(); boundary !== null; boundary = cursor.next()) {
    if (boundary.damage !== null) complain({ reason: 'damaged', at: boundary.at, message: boundary.damage });
    while (await findRecord(cursor, complain)) {
      const record = await readRecord(cursor, { file, complain });
      if (record !== null) yield record;
    }
  }
}

/** Moves to the next record before the boundary. */
async function findRecord(cursor: Cursor, complain: Complain): Promise<boolean> {
  await skipBlanks(cursor);
  await see(cursor, 16);
  if (cursor.seen.length === 0) return false;
  if (startsRecord(cursor.seen)) return true;
  const { place } = cursor;
  const { bytes } = await toNextStart(cursor, () => {});
  complain({ reason: 'no_record', at: place, message: `${bytes} bytes are no record` });
  return cursor.seen.length > 0;
}

async function skipBlanks(cursor: Cursor): Promise<void> {
  do {
    const end = cursor.seen.findIndex((byte) => !BLANK.has(byte));
    if (end !== -1) return cursor.skip(end);
    cursor.skip(cursor.seen.length);
  } while (await cursor.more());
}

async function readRecord(
  cursor: Cursor,
  { file, complain }: { readonly file: FileBytes; readonly complain: Complain },
): Promise<ArchiveRecord | null> {
  const at = cursor.place;
  const fields = await readFields(cursor);
  if (fields === null) {
    complain({ reason: 'cut_off', at, message: 'the record ends within its fields' });
    return null;
  }
  const stated = Number(fields.get('content-length')?.trim() || Number.NaN);
  const length = Number.isSafeInteger(stated) && stated >= 0 ? stated : null;
  const { bytes, isLong, fault } = await takeBlock(cursor, file, length);
  if (fault !== null) complain({ ...fault, at });
  if (isLong) {
    const message = `only the first ${MOST_OF_BLOCK} bytes of the record were read`;
    complain({ reason: 'block_too_long', at, message });
  }
  return { at, fields, block: bytes, isCut: isLong || fault?.reason === 'cut_off' };
}

async function readFields(cursor: Cursor): Promise<Fields | null> {
  for (;;) {
    // One character a byte, so that places in the text are places in the bytes.
    const end = END_OF_FIELDS.exec(cursor.seen.toString('latin1', 0, MOST_OF_FIELDS));
    if (end !== null) {
      // A record that was cut off within its fields runs into the next one.
      const next = findStart(cursor.seen.subarray(1, end.index));
      if (next !== -1) {
        cursor.skip(next + 1);
        return null;
      }
      const head = headerText(cursor.seen.subarray(0, end.index));
      cursor.skip(end.index + end[0].length);
      return parseFields(head.slice(head.indexOf('\n') + 1));
    }
    if (cursor.seen.length >= MOST_OF_FIELDS || !(await cursor.more())) {
      cursor.skip(1);
      return null;
    }
  }
}
