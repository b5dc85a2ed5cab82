import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { withoutChunks } from './chunked.js';
import type { Fields } from './fields.js';
import { lengthOfHead } from './gzip-head.js';
import { allBeforeDamage, SMALL_STEP, TO_THE_END } from './inflate.js';

/** A body without what was put on it for its way. */
export interface Body {
  readonly bytes: Buffer;
  /** Why something of it may be missing, or null. */
  readonly fault: string | null;
}

/** No page has more. What a small body can inflate to is without end. */
const MOST = 32 * 1024 * 1024;

/**
 * Undoes chunks and compression. Archives say either and hold the plain body all the same: then it is taken as it is. Of a
 * body that is damaged or cut off, what came before is taken. A connection that broke off leaves a body shorter than its fields
 * say, in a record that is sound. Such a body is whole all the same where its compression has an end, or its page.
 */
export async function plainBody(body: Buffer, fields: Fields): Promise<Body> {
  const arrived = bodyOnItsWay(body, fields);
  const codings = fields
    .all('content-encoding')
    .flatMap((value) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let plain = arrived;
  // The last coding was put on last.
  for (const coding of codings.toReversed()) plain = await undone(plain, coding);
  return plain.fault === arrived.fault && endsPage(plain.bytes) ? { ...plain, fault: null } : plain;
}

/** Chunks tell where a body ends, and only without them does its stated length. */
function bodyOnItsWay(body: Buffer, fields: Fields): Body {
  const isChunked = /\bchunked\b/i.test(fields.all('transfer-encoding').join());
  const unchunked = isChunked ? withoutChunks(body) : null;
  return unchunked?.isChunked ? unchunked : { bytes: body, fault: lengthFault(body, fields) };
}

function lengthFault(body: Buffer, fields: Fields): string | null {
  const stated = fields.get('content-length') ?? '';
  const missing = /^\d+$/.test(stated) ? Number(stated) - body.length : 0;
  return missing > 0 ? `the body is ${missing} bytes shorter than it says` : null;
}

const END_OF_PAGE = /<\/html\s*>\s*(?:<!--[^>]*-->\s*)*$/i;
const MOST_OF_END = 4096;

function endsPage(bytes: Buffer): boolean {
  return END_OF_PAGE.test(bytes.toString('latin1', Math.max(0, bytes.length - MOST_OF_END)));
}

async function undone({ bytes, fault }: Body, coding: string): Promise<Body> {
  const decoder = decoderOf(coding, bytes);
  if (decoder === 'unknown') return { bytes, fault: `the content encoding ${coding.slice(0, 40)} is not known` };
  if (decoder === null || bytes.length === 0) return { bytes, fault };
  try {
    // What is unpacked to its end lacks nothing.
    return { bytes: decoder.atOnce(bytes), fault: null };
  } catch {
    const rest = await beforeDamage(decoder, bytes);
    // Nothing came out: the body is plain, or of no use.
    return rest.length === 0 && looksPlain(bytes) ? { bytes, fault } : { bytes: rest, fault: DAMAGED };
  }
}

const DAMAGED = 'the compressed body is damaged, cut off or too long';

interface Decoder {
  readonly atOnce: (bytes: Buffer) => Buffer;
  /** Reads what it can, in steps so small that an error takes next to nothing with it. */
  readonly inSteps: () => Transform;
  /** How many bytes before the compressed ones such a reader cannot read. */
  readonly head: number;
}

const LIMIT = { maxOutputLength: MOST };
const STEPS = { chunkSize: SMALL_STEP, ...TO_THE_END };

/** Null where the body does not have the coding that its fields state. */
function decoderOf(coding: string, bytes: Buffer): Decoder | 'unknown' | null {
  switch (coding) {
    case 'gzip':
    case 'x-gzip': {
      const head = lengthOfHead(bytes);
      // The bare stream, because damage is often at the end, in the checksum.
      return head === null
        ? null
        : { atOnce: (body) => gunzipSync(body, LIMIT), inSteps: () => createInflateRaw(STEPS), head };
    }
    case 'deflate':
      return hasZlibHead(bytes)
        ? { atOnce: (body) => inflateSync(body, LIMIT), inSteps: () => createInflateRaw(STEPS), head: 2 }
        : { atOnce: (body) => inflateRawSync(body, LIMIT), inSteps: () => createInflateRaw(STEPS), head: 0 };
    case 'br':
      return {
        atOnce: (body) => brotliDecompressSync(body, LIMIT),
        inSteps: () => createBrotliDecompress({ chunkSize: SMALL_STEP, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
        head: 0,
      };
    default:
      return 'unknown';
  }
}

/** Some servers send the bare stream. */
function hasZlibHead(bytes: Buffer): boolean {
  return bytes.length > 1 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

async function beforeDamage({ inSteps, head }: Decoder, bytes: Buffer): Promise<Buffer> {
  const decoder = inSteps();
  let room = MOST;
  const all = allBeforeDamage(decoder, (piece) => {
    const kept = piece.subarray(0, room);
    room -= kept.length;
    if (room === 0) decoder.destroy();
    return kept;
  });
  decoder.end(bytes.subarray(head));
  return (await all).bytes;
}

const PLAIN = /^[\s\uFEFF]*</;

function looksPlain(bytes: Buffer): boolean {
  return PLAIN.test(bytes.toString('utf8', 0, 512));
}
