import { crc32 } from 'node:zlib';
import type { FileBytes } from './file-bytes.js';
import { GZIP_MARK, lengthOfHead } from './gzip-head.js';
import { type Inflated, inflateAtOnce, inflateInPieces } from './inflate.js';
import type { Piece } from './piece.js';

const TRAILER = 8;
/** What a member that follows damage must begin with: three bytes of a gzip head stand by chance in compressed bytes too. */
const RECORD_MARK = Buffer.from('WARC/');

/**
 * The members of a gzip file one by one, because Node's reader of gzip ends at the first damage. After damage the next
 * member that begins with a record is looked for from the damaged one's start on: reading may have run across its head.
 */
export async function* gzipPieces(file: FileBytes): AsyncGenerator<Piece> {
  let at = 0;
  while (at < file.size) {
    const end = yield* memberAt(file, at);
    if (end.ok) {
      at = await skipPadding(file, end.at);
      continue;
    }
    yield { kind: 'damage', at, message: end.message };
    at = await nextMember(file, at + 1);
  }
}

type MemberEnd = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly message: string };

async function* memberAt(file: FileBytes, at: number): AsyncGenerator<Piece, MemberEnd> {
  // Most members lie within what was read last. For the others, more is read.
  const whole = wholeMember(await file.at(at)) ?? wholeMember(await file.most(at));
  if (whole !== null) {
    yield { kind: 'member', at };
    yield { kind: 'bytes', at, bytes: whole.bytes };
    return checked(file, at + whole.used, crc32(whole.bytes));
  }
  const head = lengthOfHead(await file.most(at));
  if (head === null) return { ok: false, message: 'no gzip member begins here' };
  yield { kind: 'member', at };
  let checksum = 0;
  const pieces = inflateInPieces(file, at + head);
  for (let next = await pieces.next(); ; next = await pieces.next()) {
    if (next.done) return next.value.ok ? checked(file, at + head + next.value.used, checksum) : next.value;
    checksum = crc32(next.value, checksum);
    yield { kind: 'bytes', at, bytes: next.value };
  }
}

function wholeMember(bytes: Buffer): { readonly bytes: Buffer; readonly used: number } | null {
  const head = lengthOfHead(bytes);
  const inflated = head === null ? null : inflateAtOnce(bytes.subarray(head));
  return inflated === null || head === null ? null : { bytes: inflated.bytes, used: head + inflated.used };
}

/** Compares the checksum behind a member's compressed bytes. */
async function checked(file: FileBytes, end: number, checksum: number): Promise<MemberEnd> {
  const held = await file.at(end);
  const trailer = held.length < TRAILER ? await file.most(end) : held;
  if (trailer.length < TRAILER) return { ok: false, message: 'the file ends within a gzip member' };
  if (trailer.readUInt32LE(0) !== checksum) return { ok: false, message: 'the checksum of a gzip member is wrong' };
  return { ok: true, at: end + TRAILER };
}

/** Some writers fill a file with zeros. */
async function skipPadding(file: FileBytes, from: number): Promise<number> {
  let at = from;
  for (let bytes = await file.at(at); bytes.length > 0; bytes = await file.at(at)) {
    const next = bytes.findIndex((byte) => byte !== 0);
    if (next !== -1) return at + next;
    at += bytes.length;
  }
  return at;
}

/** Where the next member with a record begins, or the end. */
async function nextMember(file: FileBytes, from: number): Promise<number> {
  let at = from;
  while (at < file.size) {
    const bytes = await file.most(at);
    const found = bytes.indexOf(GZIP_MARK);
    if (found === -1) at += Math.max(1, bytes.length - GZIP_MARK.length + 1);
    else if (await beginsRecord(file, at + found)) return at + found;
    else at += found + 1;
  }
  return file.size;
}

async function beginsRecord(file: FileBytes, at: number): Promise<boolean> {
  const bytes = await file.most(at);
  const head = lengthOfHead(bytes);
  if (head === null) return false;
  const pieces: AsyncGenerator<Buffer, Inflated> = inflateInPieces(file, at + head);
  const { value, done } = await pieces.next();
  await pieces.return({ ok: false, message: '' });
  return done !== true && value.subarray(0, RECORD_MARK.length).equals(RECORD_MARK);
}
