import { Readable, type Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { FileBytes } from './file-bytes.js';

/** The most that a member may hold to be inflated in one step, which is several times faster than a stream. */
const MOST_AT_ONCE = 4 * 1024 * 1024;
const CHUNK = 256 * 1024;
/** The least that zlib takes. */
export const SMALL_STEP = 64;
const MEDIUM_STEP = 16 * 1024;
/** What comes before the end of a file that was cut off is no error. */
export const TO_THE_END = { finishFlush: constants.Z_SYNC_FLUSH };

/** How many bytes of the file a compressed stretch took, or why it could not be read to its end. */
export type Inflated = { readonly ok: true; readonly used: number } | { readonly ok: false; readonly message: string };

/** Null where the member is too large, is damaged, or goes on behind these bytes. */
export function inflateAtOnce(bytes: Buffer): { readonly bytes: Buffer; readonly used: number } | null {
  try {
    const result: unknown = inflateRawSync(bytes, { info: true, maxOutputLength: MOST_AT_ONCE });
    return isInflated(result) ? { bytes: result.buffer, used: result.engine.bytesWritten } : null;
  } catch {
    return null;
  }
}

/** With `info`, Node answers this in place of the buffer. */
function isInflated(result: unknown): result is { buffer: Buffer; engine: { bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'engine' in result;
}

/** What can be read of a compressed stretch of any length: everything before damage, or before the end of the file. */
export async function* inflateInPieces(file: FileBytes, start: number): AsyncGenerator<Buffer, Inflated> {
  const inflate = createInflateRaw({ chunkSize: CHUNK, ...TO_THE_END });
  const source = feed(bytesFrom(file, start), inflate);
  let given = 0;
  try {
    for await (const bytes of inflate) {
      given += bytes.length;
      yield bytes;
    }
    return { ok: true, used: inflate.bytesWritten };
  } catch (error) {
    if (!isOfZlib(error)) throw error;
  } finally {
    source.destroy();
    inflate.destroy();
  }
  yield* restBeforeDamage(file, { start, given });
  return { ok: false, message: 'a gzip member is damaged' };
}

/** An error takes with it what was inflated in the same step. In small steps, that is next to nothing. */
async function* restBeforeDamage(
  file: FileBytes,
  { start, given }: { readonly start: number; readonly given: number },
): AsyncGenerator<Buffer, void> {
  let toSkip = given;
  const chunkSize = given < CHUNK ? SMALL_STEP : MEDIUM_STEP;
  const inflate = createInflateRaw({ chunkSize, ...TO_THE_END });
  const source = feed(bytesFrom(file, start), inflate);
  const rest = await allBeforeDamage(inflate, (bytes) => {
    const kept = bytes.subarray(Math.min(toSkip, bytes.length));
    toSkip -= bytes.length - kept.length;
    return kept;
  });
  source.destroy();
  if (rest.bytes.length > 0) yield rest.bytes;
}

/** Everything that a decoder gives before it ends or fails, and whether it failed. Reading it as a stream would lose the last pieces. */
export async function allBeforeDamage(
  decoder: Transform,
  keep: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<{ readonly bytes: Buffer; readonly failed: boolean }> {
  const pieces: Buffer[] = [];
  decoder.on('data', (bytes: Buffer) => {
    const kept = keep(bytes);
    // An empty piece would hold on to all the memory of the bytes that it was cut from.
    if (kept.length > 0) pieces.push(kept);
  });
  const failed = await finished(decoder).then(
    () => false,
    () => true,
  );
  return { bytes: Buffer.concat(pieces), failed };
}

function feed(bytes: AsyncGenerator<Buffer>, decoder: Transform): Readable {
  const source = Readable.from(bytes);
  source.once('error', (error) => decoder.destroy(error));
  source.pipe(decoder);
  return source;
}

async function* bytesFrom(file: FileBytes, start: number): AsyncGenerator<Buffer> {
  let at = start;
  for (let bytes = await file.most(at); bytes.length > 0; bytes = await file.most(at)) {
    yield bytes;
    at += bytes.length;
  }
}

function isOfZlib(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
