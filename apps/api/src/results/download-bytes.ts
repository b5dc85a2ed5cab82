import { createGunzip } from 'node:zlib';
import { type Backend, MissingObject } from '@linkhaul/storage';
import { blocksOf, FRAME_BYTES, gzipHeader, gzipTrailer } from './gzip.js';
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
      async *read(from: number, to: number) {
        yield blocksOf(await need(storage, path)).subarray(from, to);
      },
    })),
    constant(gzipTrailer(checksum)),
  ];
}

function plainParts({ files, gzip }: Stored, storage: Backend): Readable[] {
  return files.map(({ path, plainBytes: length }) => ({
    length,
    async *read(from: number, to: number) {
      const bytes = await need(storage, path);
      if (gzip) yield* unzipped(bytes, { from, to });
      else yield bytes.subarray(from, to);
    },
  }));
}

/** Large chunks, since each goes to the socket through a stream of its own. */
const CHUNK_BYTES = 512 * 1024;

async function* unzipped(bytes: Buffer, { from, to }: { from: number; to: number }): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(bytes);
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

async function need(storage: Backend, path: string): Promise<Buffer> {
  const bytes = await storage.get(path);
  if (bytes === null) throw new MissingObject(path);
  return bytes;
}
