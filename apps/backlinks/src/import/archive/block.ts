import type { Cursor } from './cursor.js';
import type { FileBytes } from './file-bytes.js';
import { LONGEST_START, see, toNextStart } from './next-start.js';
import { findStart, startsRecord } from './record-start.js';

/** More of a block is not kept: memory stays flat, whatever an archive holds. */
export const MOST_OF_BLOCK = 16 * 1024 * 1024;

/** What a record holds behind its fields. */
interface Block {
  pieces: Buffer[];
  /** With what was not kept. */
  length: number;
  isLong: boolean;
}

/** What is wrong with the length that a record states. */
interface Fault {
  readonly reason: 'wrong_length' | 'cut_off';
  readonly message: string;
}

interface Taken {
  readonly bytes: Buffer;
  /** Whether there was more than is kept. */
  readonly isLong: boolean;
  readonly fault: Fault | null;
}

const CUT_OFF: Fault = { reason: 'cut_off', message: 'the record ends before the length that it states' };

/** Takes the block of a record, up to the length that it states, or up to where the next record begins. Null is no length. */
export async function takeBlock(cursor: Cursor, file: FileBytes, length: number | null): Promise<Taken> {
  const block: Block = { pieces: [], length: 0, isLong: false };
  const isShort = length === null || length <= MOST_OF_BLOCK;
  const fault = isShort ? await takeShort(cursor, block, length) : await takeLong(cursor, block, { file, length });
  return { bytes: Buffer.concat(block.pieces), isLong: block.isLong, fault };
}

async function takeShort(cursor: Cursor, block: Block, length: number | null): Promise<Fault | null> {
  await takeBytes(cursor, block, length ?? 0);
  const isWhole = length !== null && block.length === length;
  return isWhole && (await endsHere(cursor)) ? null : mend(cursor, block);
}

/**
 * Of a block that is not kept whole nothing can be put back when its end turns out to be wrong. So its end is looked up first;
 * within gzip, where it cannot be, a record that begins in the part that is kept ends the block.
 */
async function takeLong(
  cursor: Cursor,
  block: Block,
  { file, length }: { readonly file: FileBytes; readonly length: number },
): Promise<Fault | null> {
  const { isPlain } = cursor;
  const isSound = isPlain && (await endsAt(file, cursor.place + length));
  if (!isSound) {
    const { isFound } = await takeToStart(cursor, block, isPlain ? undefined : MOST_OF_BLOCK);
    if (isFound || block.length > length) return wrongBy(block.length - length);
  }
  await takeBytes(cursor, block, length);
  if (block.length < length) return CUT_OFF;
  if (isSound || (await endsHere(cursor))) return null;
  return wrongBy((await takeToStart(cursor, block)).bytes);
}

async function takeBytes(cursor: Cursor, block: Block, length: number): Promise<void> {
  while (block.length < length) {
    if (cursor.seen.length === 0 && !(await cursor.more())) break;
    const bytes = cursor.seen.subarray(0, length - block.length);
    keep(block, bytes);
    cursor.skip(bytes.length);
  }
}

function takeToStart(cursor: Cursor, block: Block, most?: number) {
  return toNextStart(cursor, (bytes) => keep(block, Buffer.from(bytes)), most);
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
async function mend(cursor: Cursor, block: Block): Promise<Fault> {
  const whole = Buffer.concat(block.pieces);
  // The length may end within the first line of the next record.
  const start = findStart(Buffer.concat([whole, cursor.seen.subarray(0, LONGEST_START)]));
  if (start !== -1 && start < whole.length) {
    cursor.putBack(whole.subarray(start));
    block.pieces = [whole.subarray(0, start)];
    return wrongBy(start - block.length);
  }
  const { bytes } = await takeToStart(cursor, block);
  return bytes === 0 ? CUT_OFF : wrongBy(bytes);
}

function wrongBy(bytes: number): Fault {
  const how = bytes < 0 ? `${-bytes} bytes shorter` : `${bytes} bytes longer`;
  return { reason: 'wrong_length', message: `the record is ${how} than it says` };
}

/** Whether blanks and then a record, or the boundary, follow. */
async function endsHere(cursor: Cursor): Promise<boolean> {
  await see(cursor, LONGEST_START);
  return mayFollow(cursor.seen);
}

/** The same of a place further on, in a file that is not packed. */
async function endsAt(file: FileBytes, place: number): Promise<boolean> {
  return place <= file.size && mayFollow(await file.most(place));
}

function mayFollow(bytes: Buffer): boolean {
  const next = bytes.findIndex((byte) => byte !== 10 && byte !== 13);
  return next === -1 || startsRecord(bytes.subarray(next));
}
