import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';

/** `cut`: the file is not whole. `broken`: it is not gzip, or only in part. */
export class GzipFault extends Error {
  override readonly name = 'GzipFault';
  readonly kind: 'cut' | 'broken';

  constructor(kind: GzipFault['kind'], cause: unknown) {
    super(`the gzip stream is ${kind}`, { cause });
    this.kind = kind;
  }
}

/**
 * Each member after padding needs a new decompressor, which takes 0.3 ms. Without a limit, a few kilobytes of empty members
 * would keep a core busy. So after the first thousand, members must have 4 KiB of content on average, as in files written in
 * blocks.
 */
const PADDED_AT_ONCE = 1_000;
const LEAST_OF_PADDED = 4_096;

/**
 * Decompresses all members of a gzip file as a stream. NUL bytes between and after members are padding, as on tapes and in
 * files written in blocks; Node's own reader would end there without an error. Throws `GzipFault` for any other bytes.
 */
export async function* gunzipped(packed: AsyncIterator<Uint8Array>, chunkSize: number): AsyncGenerator<Buffer> {
  const source = createSource(packed);
  let content = 0;
  try {
    for (let padded = 0; ; padded++) {
      if (padded > PADDED_AT_ONCE + content / LEAST_OF_PADDED) throw new GzipFault('broken', 'too many empty members');
      for await (const chunk of contentOf(source, createGunzip({ chunkSize }))) {
        content += chunk.length;
        yield chunk;
      }
      if (!(await source.skipPadding())) return;
    }
  } finally {
    source.leave();
  }
}

interface Source {
  /** The next bytes; null at the end. */
  next(): Promise<Uint8Array | null>;
  /** Puts bytes back that were not used; `next` returns them again. */
  unread(bytes: Uint8Array): void;
  /** Skips NUL bytes. True if other bytes follow. */
  skipPadding(): Promise<boolean>;
  /** Closes the source without waiting for it: a sender may be silent. */
  leave(): void;
}

function createSource(packed: AsyncIterator<Uint8Array>): Source {
  let rest: Uint8Array = new Uint8Array(0);
  const next = async () => {
    const bytes = rest;
    rest = bytes.subarray(bytes.length);
    if (bytes.length > 0) return bytes;
    const { done, value } = await packed.next();
    return done ? null : value;
  };
  return {
    next,
    unread(bytes) {
      rest = bytes;
    },
    async skipPadding() {
      for (let bytes = await next(); bytes !== null; bytes = await next()) {
        const from = bytes.findIndex((byte) => byte !== 0);
        if (from === -1) continue;
        rest = bytes.subarray(from);
        return true;
      }
      return false;
    },
    leave: () => void packed.return?.().catch(() => undefined),
  };
}

async function* contentOf(source: Source, gunzip: Gunzip): AsyncGenerator<Buffer> {
  const feeding = feed(source, gunzip);
  try {
    for await (const chunk of gunzip) yield chunk;
    await feeding;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('Z_') ? new GzipFault(code === 'Z_BUF_ERROR' ? 'cut' : 'broken', error) : error;
  }
}

/** Writes one piece at a time. If a member ends within a piece, the rest of that piece is put back. */
async function feed(source: Source, gunzip: Gunzip): Promise<void> {
  const closed = once(gunzip, 'close').catch(() => undefined);
  try {
    for (let bytes = await source.next(); bytes !== null; bytes = await source.next()) {
      const piece = bytes;
      const before = gunzip.bytesWritten;
      await Promise.race([closed, new Promise((resolve) => gunzip.write(piece, resolve))]);
      const read = gunzip.bytesWritten - before;
      if (read < piece.length) return source.unread(piece.subarray(read));
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}
