import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { Backend } from './backend.js';
import { NewerFormat, requireFormat } from './format.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Parts are written once and read a few times: speed counts more than size. */
const LEVEL = constants.Z_BEST_SPEED;

const LEAST_CHUNK = 1024;
const MOST_CHUNK = 256 * 1024;
const MOST_INFLATED = 4 * 1024 * 1024;
const LEAST_GZIP = 18;
const SPARE = 64;
const OBJECT = '{'.charCodeAt(0);
const MOST_HEAD = 32;

/** Bytes as one compressed object. */
export async function putBytes(backend: Backend, key: string, bytes: Uint8Array): Promise<void> {
  await backend.put(key, await compressBytes(bytes));
}

/** The lines of an object. Rejects if the object is missing. */
export async function getLines(backend: Backend, key: string): Promise<string[]> {
  const text = (await getBytes(backend, key)).toString('utf8');
  return text === '' ? [] : text.split('\n');
}

/** The bytes of an object. Rejects if the object is missing. */
export async function getBytes(backend: Backend, key: string): Promise<Buffer> {
  const packed = await backend.get(key);
  if (packed === null) throw new MissingObject(key);
  const bytes = await decompressBytes(packed);
  if (bytes[0] === OBJECT) requireFormat(key, formatIn(bytes));
  return bytes;
}

/** Parts of format 1 hold only lists. A part of any other format begins with a line that names it: `{"v":2}`. */
function formatIn(bytes: Buffer): number {
  const [, format = ''] = /^\{"v":(\d+)\}\n/.exec(bytes.toString('latin1', 0, MOST_HEAD)) ?? [];
  return format === '' ? Number.POSITIVE_INFINITY : Number(format);
}

export async function compressBytes(bytes: Uint8Array): Promise<Buffer> {
  // One chunk as large as the input: each further chunk would take another turn of the event loop.
  return compress(bytes, { level: LEVEL, chunkSize: Math.max(LEAST_CHUNK, Math.min(bytes.length, MOST_CHUNK)) });
}

export async function decompressBytes(bytes: Buffer): Promise<Buffer> {
  // A gzip stream ends with its length: with a chunk of that size, inflating takes one turn and no copy.
  const length = bytes.length < LEAST_GZIP ? 0 : bytes.readUInt32LE(bytes.length - 4);
  return decompress(bytes, { chunkSize: Math.max(LEAST_CHUNK, Math.min(length + SPARE, MOST_INFLATED)) });
}

/** An object that the ledger says was stored is missing from storage. Only an operator can help. */
export class MissingObject extends Error {
  override readonly name = 'MissingObject';
  readonly key: string;

  constructor(key: string) {
    super(`storage does not have ${key}`);
    this.key = key;
  }
}

/** Whether an object is missing, has changed since it was written, or is of a newer version. Reading it again does not help. */
export function isBroken(error: unknown): boolean {
  if (error instanceof MissingObject || error instanceof NewerFormat || error instanceof SyntaxError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
