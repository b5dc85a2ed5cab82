import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { decompressBytes } from './parts.js';
import { SNAPSHOT_DICTIONARY } from './snapshot-dictionary.js';

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

/**
 * `{"v":3}` in gzip, and a zero byte, at which gzip ends. A version that knows no dictionary reads this alone, and refuses the
 * snapshot as one of a newer format.
 */
const HEAD = Buffer.from('1f8b0800000000000003ab562a53b232ae0500bf85edb60700000000', 'hex');

/** Snapshots are written often and hardly ever read; higher levels save nothing. */
const LEVEL = 3;

/** A snapshot, compressed against what snapshots usually say. */
export async function packSnapshot(text: string): Promise<Buffer> {
  return Buffer.concat([HEAD, await compress(text, { level: LEVEL, dictionary: SNAPSHOT_DICTIONARY })]);
}

/** The text of a snapshot; those of formats before 3 are gzip as a whole. */
export async function unpackSnapshot(bytes: Buffer): Promise<string> {
  const hasHead = bytes.subarray(0, HEAD.length).equals(HEAD);
  const text = hasHead
    ? await decompress(bytes.subarray(HEAD.length), { dictionary: SNAPSHOT_DICTIONARY })
    : await decompressBytes(bytes);
  return text.toString('utf8');
}
