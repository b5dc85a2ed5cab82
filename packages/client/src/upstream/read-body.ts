import { promisify } from 'node:util';
import { constants, createGunzip, gunzip, inflateRaw } from 'node:zlib';
import { isGzip } from '@linkhaul/schemas';
import type { Dispatcher } from 'undici';
import { gzipHeaderLength } from './gzip-header.js';
import type { LargeBodies } from './large-bodies.js';

/** What came of a body. `cut`: it is longer than allowed, and these are its first bytes. `broken`: the connection ended it. */
export interface Body {
  readonly bytes: Buffer;
  /** The same as they came, where they came whole and compressed by gzip; else null. */
  readonly packed: Buffer | null;
  readonly end: 'whole' | 'cut' | 'broken';
}

interface BodyLimits {
  /** The most bytes that are kept of a body, before and after it is decompressed. */
  readonly maxBytes: number;
  readonly large: LargeBodies;
}

/** Bodies up to this size are read by as many as come; nearly all answers are smaller. */
export const SMALL_BYTES = 4 * 1024 * 1024;

/** Reads a body as far as it comes, decompressed where its first bytes say gzip, whatever its headers say. Never rejects. */
export async function readBody(response: Dispatcher.ResponseData, limits: BodyLimits): Promise<Body> {
  const raw = await readRaw(response.body, limits);
  return isGzip(raw.bytes) ? decompressed(raw, limits.maxBytes) : raw;
}

async function readRaw(body: Dispatcher.ResponseData['body'], { maxBytes, large }: BodyLimits): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  let leave: (() => void) | null = null;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) return { bytes: Buffer.concat(chunks, maxBytes), packed: null, end: 'cut' };
      // Waiting, the body is not read on, and its sender has to wait too.
      if (size > SMALL_BYTES) leave ??= await large.enter();
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
 * As far as the bytes go: a stream that ends too early gives what was in it, one with a wrong checksum or other bytes behind it
 * what its first member holds. Bytes that are no gzip stay as they came.
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
/** A stream that is inflated in one piece ends with room left; without any, another piece would be begun. */
const SPARE = 64;

/** What a gzip stream says at its end that it holds, within bounds: inflated in one piece, it takes one turn and no copy. */
function likelyLength(bytes: Buffer): number {
  const said = bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  return Math.max(LEAST_CHUNK, Math.min(said + SPARE, SMALL_BYTES));
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
