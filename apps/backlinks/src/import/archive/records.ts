import { withBoundaries } from './boundaries.js';
import { Cursor } from './cursor.js';
import { type Fields, parseFields } from './fields.js';
import type { FileBytes } from './file-bytes.js';
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

/** More of a block is not kept: memory stays flat, whatever an archive holds. */
const MOST_OF_BLOCK = 16 * 1024 * 1024;
const MOST_OF_FIELDS = 1024 * 1024;
/** How many bytes tell whether a record begins. */
const LONGEST_START = 64;
const BLANK = new Set([0, 9, 10, 13, 32]);
const END_OF_FIELDS = /\n\r?\n/;

/** The records of a WARC or WAT file, plain or gzipped. Throws only what the file system throws. */
export async function* readRecords(file: FileBytes, complain: Complain): AsyncGenerator<ArchiveRecord> {
  const cursor = new Cursor(withBoundaries(piecesOf(file)));
  for (let boundary = cursor.next(); boundary !== null; boundary = cursor.next()) {
    if (boundary.damage !== null) complain({ reason: 'damaged', at: boundary.at, message: boundary.damage });
    while (await findRecord(cursor, complain)) {
      const record = await readRecord(cursor, complain);
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
  const skipped = await toNextStart(cursor, () => {});
  complain({ reason: 'no_record', at: place, message: `${skipped} bytes are no record` });
  return cursor.seen.length > 0;
}

async function skipBlanks(cursor: Cursor): Promise<void> {
  do {
    const end = cursor.seen.findIndex((byte) => !BLANK.has(byte));
    if (end !== -1) return cursor.skip(end);
    cursor.skip(cursor.seen.length);
  } while (await cursor.more());
}

async function see(cursor: Cursor, count: number): Promise<void> {
  while (cursor.seen.length < count && (await cursor.more()));
}

/** Hands over what stands before the next start of a record, or before the boundary. */
async function toNextStart(cursor: Cursor, take: (bytes: Buffer) => void): Promise<number> {
  let taken = 0;
  const hand = (count: number) => {
    take(cursor.seen.subarray(0, count));
    taken += count;
    cursor.skip(count);
  };
  for (;;) {
    const start = findStart(cursor.seen);
    if (start !== -1) {
      hand(start);
      return taken;
    }
    // A start may lie across two pieces.
    hand(Math.max(0, cursor.seen.length - LONGEST_START));
    if (!(await cursor.more())) break;
  }
  hand(cursor.seen.length);
  return taken;
}

async function readRecord(cursor: Cursor, complain: Complain): Promise<ArchiveRecord | null> {
  const at = cursor.place;
  const fields = await readFields(cursor);
  if (fields === null) {
    complain({ reason: 'cut_off', at, message: 'the record ends within its fields' });
    return null;
  }
  const stated = Number(fields.get('content-length')?.trim() || Number.NaN);
  const length = Number.isSafeInteger(stated) && stated >= 0 ? stated : null;
  const block = await takeBlock(cursor, length ?? 0);
  const isShort = length !== null && block.length < length;
  const fault = await mend(cursor, block, { isShort: isShort || length === null });
  if (fault !== null) complain({ ...fault, at });
  if (block.isLong) {
    complain({
      reason: 'block_too_long',
      at,
      message: `only the first ${MOST_OF_BLOCK} bytes of the record were read`,
    });
  }
  return { at, fields, block: Buffer.concat(block.pieces), isCut: block.isLong || fault?.reason === 'cut_off' };
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
      const head = cursor.seen.toString('utf8', 0, end.index);
      cursor.skip(end.index + end[0].length);
      return parseFields(head.slice(head.indexOf('\n') + 1));
    }
    if (cursor.seen.length >= MOST_OF_FIELDS || !(await cursor.more())) {
      cursor.skip(1);
      return null;
    }
  }
}

interface Block {
  pieces: Buffer[];
  /** With what was not kept. */
  length: number;
  isLong: boolean;
}

async function takeBlock(cursor: Cursor, length: number): Promise<Block> {
  const block: Block = { pieces: [], length: 0, isLong: false };
  while (block.length < length) {
    if (cursor.seen.length === 0 && !(await cursor.more())) break;
    const bytes = cursor.seen.subarray(0, length - block.length);
    keep(block, bytes);
    cursor.skip(bytes.length);
  }
  return block;
}

function keep(block: Block, bytes: Buffer): void {
  const room = MOST_OF_BLOCK - Math.min(block.length, MOST_OF_BLOCK);
  if (bytes.length > room) block.isLong = true;
  if (room > 0) block.pieces.push(bytes.subarray(0, room));
  block.length += bytes.length;
}

/**
 * Where a record's length is wrong, the next record does not begin behind the block. If it begins within the block, the
 * length is too large; otherwise what stands before it belongs to the block, too.
 */
async function mend(
  cursor: Cursor,
  block: Block,
  { isShort }: { readonly isShort: boolean },
): Promise<Pick<Complaint, 'reason' | 'message'> | null> {
  if (!isShort && (await endsHere(cursor))) return null;
  const whole = Buffer.concat(block.pieces);
  // The length may end within the first line of the next record.
  const start = block.isLong ? -1 : findStart(Buffer.concat([whole, cursor.seen.subarray(0, LONGEST_START)]));
  if (start !== -1 && start < whole.length) {
    cursor.putBack(whole.subarray(start));
    block.pieces = [whole.subarray(0, start)];
    return { reason: 'wrong_length', message: `the record is ${block.length - start} bytes shorter than it says` };
  }
  const more = await toNextStart(cursor, (bytes) => keep(block, Buffer.from(bytes)));
  if (more === 0) return { reason: 'cut_off', message: 'the record ends before the length that it states' };
  return { reason: 'wrong_length', message: `the record is ${more} bytes longer than it says` };
}

/** Whether blanks and then a record, or the boundary, follow. */
async function endsHere(cursor: Cursor): Promise<boolean> {
  await see(cursor, LONGEST_START);
  const next = cursor.seen.findIndex((byte) => byte !== 10 && byte !== 13);
  return next === -1 || startsRecord(cursor.seen.subarray(next));
}
