import { crc32 } from 'node:zlib';
import type { AnswerHeader } from './answer-header.js';
import { FORMAT, requireFormat } from './format.js';
import { compressBytes, decompressBytes } from './parts.js';

/**
 * A stored answer: a line of JSON, then the compressed body. The line begins with the checksums of its own rest and of the
 * body, and with the body's length, such as `{"sum":"0a1b2c3d.4e5f6071.1234",`, so that a cut, changed or emptied object is
 * noticed. Every format begins so and has its number in the line's `v`: otherwise earlier versions would take it for broken.
 */
export type AnswerBytes =
  | { readonly kind: 'whole'; readonly header: AnswerHeader; readonly body: Buffer }
  /** `header`: null if its checksum is wrong. */
  | { readonly kind: 'broken'; readonly header: AnswerHeader | null };

const NEWLINE = 0x0a;
const OPENING = '{"sum":"';
const SUM_DIGITS = 8;
/** Answers of versions that wrote no checksums begin with this. */
const WITHOUT_SUMS = '{"call":';
const SUMS = /^\{"sum":"[0-9a-f]{8}\.([0-9a-f]{8})\.(\d+)",/;

/** `gzipped`: the body as received, if it was compressed. It is stored as it is. */
export async function packAnswer(
  header: AnswerHeader,
  body: Uint8Array,
  gzipped: Uint8Array | null = null,
): Promise<Buffer> {
  const packed = gzipped ?? (await compressBytes(body));
  const rest = Buffer.from(`.${sumOf(packed)}.${packed.length}",${JSON.stringify({ v: FORMAT, ...header }).slice(1)}`);
  return Buffer.concat([Buffer.from(OPENING + sumOf(rest)), rest, Buffer.of(NEWLINE), packed]);
}

export async function unpackAnswer(bytes: Buffer): Promise<AnswerBytes> {
  const end = bytes.indexOf(NEWLINE);
  if (end === -1) return { kind: 'broken', header: null };
  const line = bytes.subarray(0, end);
  const body = bytes.subarray(end + 1);
  if (line.subarray(0, WITHOUT_SUMS.length).toString('latin1') === WITHOUT_SUMS) return unpackOld(line, body);
  const opening = OPENING.length + SUM_DIGITS;
  const written = line.subarray(0, opening).toString('latin1');
  const [, bodySum, bodyBytes] = SUMS.exec(line.subarray(0, opening + 40).toString('latin1')) ?? [];
  if (written !== OPENING + sumOf(line.subarray(opening)) || bodySum === undefined) {
    return { kind: 'broken', header: null };
  }
  const { sum: _, v, ...header }: AnswerHeader & { sum: string; v?: number } = JSON.parse(line.toString('utf8'));
  requireFormat('a stored answer', v);
  const isWhole = body.length === Number(bodyBytes) && sumOf(body) === bodySum;
  return isWhole ? { kind: 'whole', header, body } : { kind: 'broken', header };
}

/** Of such an answer only the body has a checksum, the one of gzip. */
async function unpackOld(line: Buffer, body: Buffer): Promise<AnswerBytes> {
  const header = parseHeader(line);
  if (header === null) return { kind: 'broken', header };
  try {
    await decompressBytes(body);
    return { kind: 'whole', header, body };
  } catch {
    return { kind: 'broken', header };
  }
}

function parseHeader(line: Buffer): AnswerHeader | null {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}

function sumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(SUM_DIGITS, '0');
}
