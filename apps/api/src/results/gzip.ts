import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** RFC 1952: gzip, deflate, no flags, no time stamp, so that the same content gives the same bytes. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** The empty last block. Checksum and length come after it. */
const LAST_BLOCK = Buffer.from([3, 0]);
const TRAILER_BYTES = LAST_BLOCK.length + 8;

/** The checksum and length at the end of a gzip stream. */
export interface Checksum {
  readonly crc32: number;
  readonly bytes: number;
}

export const NOTHING: Checksum = { crc32: 0, bytes: 0 };

export function checksumOf(bytes: Uint8Array, before: Checksum): Checksum {
  return { crc32: crc32(bytes, before.crc32), bytes: before.bytes + bytes.length };
}

/** Larger than most compressed pieces: each further chunk would cost another turn of the event loop. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Compresses bytes to deflate blocks that end on a whole byte and refer to nothing before them. Any sequence of such blocks
 * between a header and a trailer is one gzip member. Several members would take less code, but curl refuses them.
 */
export function deflated(bytes: Uint8Array): Promise<Buffer> {
  return deflate(bytes, { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
}

export function gzipHeader(): Buffer {
  return HEADER;
}

export function gzipTrailer({ crc32: crc, bytes }: Checksum): Buffer {
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc, 0);
  end.writeUInt32LE(bytes % 2 ** 32, 4);
  return Buffer.concat([LAST_BLOCK, end]);
}

/** Where the blocks of a gzip file begin. */
export const BLOCKS_FROM = HEADER.length;

/** Header and trailer. */
export const FRAME_BYTES = HEADER.length + TRAILER_BYTES;

/** Joins pieces to one gzip stream. The header is sent with the first piece, so that an earlier failure can still be answered. */
export async function* gzipped(
  pieces: AsyncIterable<{ packed: Uint8Array; sum: Checksum }>,
): AsyncGenerator<Uint8Array> {
  let ahead = HEADER;
  let end = NOTHING;
  for await (const { packed, sum } of pieces) {
    yield Buffer.concat([ahead, packed]);
    ahead = Buffer.alloc(0);
    end = sum;
  }
  yield Buffer.concat([ahead, gzipTrailer(end)]);
}
