import { pipeline, Readable as ReadableStream } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Backend, type ByteRange, MissingObject } from '@linkhaul/storage';
import { BLOCKS_FROM, FRAME_BYTES, gzipHeader, gzipTrailer } from './gzip.js';
import type { Stored } from './stored.js';

/** Bytes of known length, of which any range can be read; `to` is exclusive. */
interface Readable {
  readonly length: number;
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** Stored results as a client downloads them: as one gzip stream, or unpacked. */
export function downloadOf(stored: Stored, { asGzip, storage }: { asGzip: boolean; storage: Backend }): Readable {
  const parts = stored.gzip && asGzip ? gzipParts(stored, storage) : plainParts(stored, storage);
  return {
    length: parts.reduce((sum, { length }) => sum + length, 0),
    async *read(from, to) {
      let start = 0;
      for (const { length, read } of parts) {
        const [first, last] = [Math.max(from - start, 0), Math.min(to - start, length)];
        if (first < last) yield* read(first, last);
        start += length;
      }
    },
  };
}

function gzipParts({ files, checksum }: Stored, storage: Backend): Readable[] {
  return [
    constant(gzipHeader()),
    ...files.map(({ path, bytes }) => ({
      length: bytes - FRAME_BYTES,
      read: (from: number, to: number) => piecesOf(path, { from: from + BLOCKS_FROM, to: to + BLOCKS_FROM }, storage),
    })),
    constant(gzipTrailer(checksum)),
  ];
}

function plainParts({ files, gzip }: Stored, storage: Backend): Readable[] {
  return files.map(({ path, bytes, plainBytes: length }) => ({
    length,
    read: (from: number, to: number) =>
      gzip
        ? unzipped(piecesOf(path, { from: 0, to: bytes }, storage), { from, to })
        : piecesOf(path, { from, to }, storage),
  }));
}

/** How much of a file a reader holds at once. */
const PIECE_BYTES = 2 * 2 ** 20;

async function* piecesOf(path: string, { from, to }: ByteRange, storage: Backend): AsyncGenerator<Buffer> {
  for (let at = from; at < to; at += PIECE_BYTES) {
    const piece = await storage.getRange(path, { from: at, to: Math.min(at + PIECE_BYTES, to) });
    if (piece === null) throw new MissingObject(path);
    yield piece;
  }
}

/** Large chunks, since each goes to the socket through a stream of its own. */
const CHUNK_BYTES = 512 * 1024;

async function* unzipped(file: AsyncIterable<Buffer>, { from, to }: ByteRange): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The callback ignores errors: they also end the loop below.
  pipeline(ReadableStream.from(file), gunzip, () => undefined);
  let start = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    const wanted = chunk.subarray(Math.max(from - start, 0), Math.max(to - start, 0));
    if (wanted.length > 0) yield wanted;
    start += chunk.length;
    if (start >= to) return;
  }
}

function constant(bytes: Buffer): Readable {
  return {
    length: bytes.length,
    async *read(from, to) {
      yield bytes.subarray(from, to);
    },
  };
}
