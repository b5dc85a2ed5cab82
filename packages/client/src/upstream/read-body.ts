import { promisify } from 'node:util';
import { constants, createGunzip, gunzip, inflateRaw } from 'node:zlib';
import { isGzip } from '@linkhaul/schemas';
import type { Dispatcher } from 'undici';
import { gzipHeaderLength } from './gzip-header.js';
import type { Semaphore } from './semaphore.js';

/** What was received of a body. `cut`: only the first bytes, because it is longer than allowed. `broken`: the connection ended. */
export interface Body {
  readonly bytes: Buffer;
  /** The bytes before they were decompressed, if they were gzip and whole; else null. */
  readonly packed: Buffer | null;
  readonly end: 'whole' | 'cut' | 'broken';
}

interface BodyLimits {
  /** The most bytes of a body, before and after it is decompressed. The rest is cut off. */
  readonly maxBytes: number;
  readonly largeBodies: Semaphore;
}

/** Any number of bodies up to this size may be read at once. Nearly all answers are smaller. */
export const SMALL_BYTES = 4 * 1024 * 1024;

/** Reads a body, and decompresses it if its first bytes say gzip, whatever its headers say. Never rejects. */
export async function readBody(response: Dispatcher.ResponseData, limits: BodyLimits): Promise<Body> {
  const raw = await readRaw(response.body, limits);
  return isGzip(raw.bytes) ? decompressed(raw, limits.maxBytes) : raw;
}

async function readRaw(body: Dispatcher.ResponseData['body'], { maxBytes, largeBodies }: BodyLimits): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  let leave: (() => void) | null = null;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) return { bytes: Buffer.concat(chunks, maxBytes), packed: null, end: 'cut' };
      // While this waits, nothing is read, and the sender has to wait too.
      if (size > SMALL_BYTES) leave ??= await largeBodies.acquire();
    }
    return { bytes: Buffer.concat(chunks, size), packed: null, end: 'whole' };
  } catch {
    return { bytes: Buffer.concat(chunks, size), packed: null, end: 'broken' };
  } finally {
    leave?.();
  }
}

const decompress = promisify(gunzip);
const inflate = promisify(inflateRaw);

/**
 * Decompresses as much as possible. If a stream ends too early, that is the part that came; if it has a wrong checksum or
 * other bytes after it, the first member. Bytes that are not gzip stay as they are.
 */
async function decompressed({ bytes, end }: Body, maxBytes: number): Promise<Body> {
  const settings = { maxOutputLength: maxBytes, chunkSize: likelyLength(bytes) };
  try {
    return { bytes: await decompress(bytes, settings), packed: bytes, end };
  } catch (error) {
    if (isLong(error)) return { bytes: await firstBytes(bytes, maxBytes), packed: null, end: 'cut' };
  }
  const asFarAsItGoes = { ...settings, finishFlush: constants.Z_SYNC_FLUSH };
  for (const read of [
    () => decompress(bytes, asFarAsItGoes),
    () => inflate(bytes.subarray(gzipHeaderLength(bytes)), asFarAsItGoes),
  ]) {
    try {
      return { bytes: await read(), packed: null, end };
    } catch (error) {
      if (isLong(error)) return { bytes: await firstBytes(bytes, maxBytes), packed: null, end: 'cut' };
    }
  }
  return { bytes, packed: null, end };
}

function isLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

const LEAST_CHUNK = 1024;
/** Room left at the end of an inflated piece. Without it zlib would begin another piece. */
const SPARE = 64;

/** The content's length by the gzip stream's own last bytes, within bounds. In one piece, inflating needs no copy. */
function likelyLength(bytes: Buffer): number {
  const length = bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  return Math.max(LEAST_CHUNK, Math.min(length + SPARE, SMALL_BYTES));
}

async function firstBytes(bytes: Buffer, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  stream.end(bytes);
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks, Math.min(size, most));
}
