import { createHash } from 'node:crypto';
import { type Backend, createWrites, paths, type ResultForm } from '@linkhaul/storage';
import type { Piece } from './forms.js';
import { type Checksum, checksumOf, deflated, gzipHeader, gzipTrailer, NOTHING } from './gzip.js';

/** One stored object, made of whole pieces. */
interface StoredFile {
  readonly path: string;
  readonly lines: number;
  /** The size as stored; `plainBytes` is the size before compression. */
  readonly bytes: number;
  readonly plainBytes: number;
  readonly sha256: string;
}

/** The results of a finished job in one form, written once. */
export interface Stored {
  readonly files: readonly StoredFile[];
  readonly gzip: boolean;
  /** The checksum of the content of all files together. */
  readonly checksum: Checksum;
}

/** A piece, compressed if its form is. `sum` is the checksum of all content up to its end. */
export interface PackedPiece {
  readonly bytes: Buffer;
  readonly packed: Buffer;
  readonly lines: number;
  readonly sum: Checksum;
}

export interface Place {
  readonly at: ResultForm;
  readonly gzip: boolean;
  readonly storage: Backend;
  /** False if the results have changed meanwhile: then no index is written. */
  isCurrent(): Promise<boolean>;
}

/** The limits of a file: it is held in memory as a whole while it is written, and unpacked from its beginning. */
const MOST_LINES = 100_000;
const MOST_BYTES = { plain: 64 * 2 ** 20, packed: 16 * 2 ** 20 };
/** How many files of one form are written at once: while one is being written, the next is filled. */
const MOST_WRITES = 2;

export async function findStored({ at, storage }: Pick<Place, 'at' | 'storage'>): Promise<Stored | null> {
  const bytes = await storage.get(paths.resultIndex(at));
  return bytes === null ? null : JSON.parse(bytes.toString('utf8'));
}

/**
 * Writes pieces into files and yields each piece, so that the first download need not wait for the files. The index is written
 * last: files without an index are written again. Writing again, or twice at once, gives the same files. Null if the results
 * changed meanwhile.
 */
export async function* writeStored(
  pieces: AsyncIterable<Piece>,
  place: Place,
): AsyncGenerator<PackedPiece, Stored | null> {
  const files: StoredFile[] = [];
  const writes = createWrites(MOST_WRITES);
  let parts = 0;
  const write = (file: OpenFile) => {
    const part = parts++;
    return writes.start(async () => {
      files[part] = await writeFile(file, part, place);
    });
  };
  let open = newFile();
  let checksum = NOTHING;
  try {
    for await (const piece of packed(pieces, place)) {
      add(open, piece);
      checksum = piece.sum;
      if (isFull(open)) {
        const full = open;
        open = newFile();
        // The next lines need not wait until the file is on disk.
        await write(full);
      }
      yield piece;
    }
    if (open.packed.length > 0) await write(open);
    await writes.done();
  } finally {
    await writes.idle();
  }
  if (!(await place.isCurrent())) return null;
  const stored: Stored = { files, gzip: place.gzip, checksum };
  await place.storage.create(paths.resultIndex(place.at), Buffer.from(JSON.stringify(stored)));
  return stored;
}

export async function* packed(
  pieces: AsyncIterable<Piece>,
  { gzip } = { gzip: true },
): AsyncGenerator<PackedPiece, void> {
  let sum = NOTHING;
  let isFirst = true;
  const ahead: Promise<PackedPiece>[] = [];
  for await (const piece of pieces) {
    sum = checksumOf(piece.bytes, sum);
    if (!gzip) {
      yield { ...piece, packed: piece.bytes, sum };
      continue;
    }
    ahead.push(packedPiece(piece, sum));
    // Pieces are compressed on other threads while the next ones are made. The first is not delayed: the client waits for it.
    const next = isFirst || ahead.length > MOST_AHEAD ? ahead.shift() : undefined;
    isFirst = false;
    if (next !== undefined) yield await next;
  }
  for (const next of ahead) yield await next;
}

const MOST_AHEAD = 3;

async function packedPiece(piece: Piece, sum: Checksum): Promise<PackedPiece> {
  return { ...piece, packed: await deflated(piece.bytes), sum };
}

interface OpenFile {
  packed: Buffer[];
  bytes: number;
  lines: number;
  sum: Checksum;
}

function newFile(): OpenFile {
  return { packed: [], bytes: 0, lines: 0, sum: NOTHING };
}

function add(file: OpenFile, piece: PackedPiece): void {
  file.packed.push(piece.packed);
  file.bytes += piece.packed.length;
  file.lines += piece.lines;
  file.sum = checksumOf(piece.bytes, file.sum);
}

function isFull({ bytes, lines, sum }: OpenFile): boolean {
  return lines >= MOST_LINES || sum.bytes >= MOST_BYTES.plain || bytes >= MOST_BYTES.packed;
}

async function writeFile(file: OpenFile, part: number, { at, gzip, storage }: Place): Promise<StoredFile> {
  const path = paths.resultFile(at, part);
  const made = Buffer.concat(gzip ? [gzipHeader(), ...file.packed, gzipTrailer(file.sum)] : file.packed);
  // Another version of zlib may have stored different bytes for the same content; then the stored bytes count.
  const bytes = (await storage.create(path, made)) ? made : ((await storage.get(path)) ?? made);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, lines: file.lines, bytes: bytes.length, plainBytes: file.sum.bytes, sha256 };
}
