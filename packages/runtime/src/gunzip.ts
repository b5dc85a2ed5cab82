import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';

/** `cut`: it ends before its end. `broken`: it is no gzip, or not all of it is. */
export class GzipFault extends Error {
  override readonly name = 'GzipFault';
  readonly kind: 'cut' | 'broken';

  constructor(kind: GzipFault['kind'], cause: unknown) {
    super(`the gzip stream is ${kind}`, { cause });
    this.kind = kind;
  }
}

/**
 * Each member behind padding costs a decompressor, 0.3 ms: some may be small, the rest have as much content on average as
 * files have that are written in blocks. Else a few kilobytes of empty members would keep a core busy.
 */
const PADDED_AT_ONCE = 1_000;
const LEAST_OF_PADDED = 4_096;

/**
 * The content of a gzip file as it comes, of all its members. NUL bytes between and behind them are padding, as of tapes and
 * of files written in blocks: Node's reader ends there without a word, whatever follows. Throws `GzipFault` for other bytes.
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
  /** Gives back what was not read. */
  unread(bytes: Uint8Array): void;
  /** Passes over NUL bytes; whether anything stands behind them. */
  skipPadding(): Promise<boolean>;
  /** Does not wait for the sender, who may be silent. */
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

/** A piece at a time, so that it is known what of it was not read where reading ends early. */
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
