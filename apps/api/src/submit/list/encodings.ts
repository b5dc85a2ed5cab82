import { isAscii, isUtf8 } from 'node:buffer';
import type { ListEncoding } from '@linkhaul/schemas';

/** The text up to the first fault, and how many bytes it took. */
interface Decoded {
  readonly text: string;
  /** The bytes after these are an incomplete character or the first fault. */
  readonly taken: number;
  readonly isFault: boolean;
}

type Decode = (bytes: Buffer, isLast: boolean) => Decoded;

export const DECODERS: Readonly<Record<ListEncoding, Decode>> = {
  'utf-8': decodeUtf8,
  'utf-16le': decodeUtf16,
  'utf-16be': (bytes, isLast) => {
    const pairs = bytes.length - (bytes.length % 2);
    return decodeUtf16(Buffer.concat([Buffer.from(bytes.subarray(0, pairs)).swap16(), bytes.subarray(pairs)]), isLast);
  },
  'us-ascii': (bytes) => {
    const end = bytes.findIndex((byte) => byte >= 0x80);
    return upTo(
      bytes.toString('latin1', 0, end === -1 ? bytes.length : end),
      end === -1 ? bytes.length : end,
      end !== -1,
    );
  },
  'windows-1252': (bytes) => upTo(fromWindows1252(bytes), bytes.length, false),
};

function upTo(text: string, taken: number, isFault: boolean): Decoded {
  return { text, taken, isFault };
}

function decodeUtf8(bytes: Buffer, isLast: boolean): Decoded {
  const whole = isLast ? bytes : bytes.subarray(0, bytes.length - cutLength(bytes));
  if (isAscii(whole)) return upTo(whole.toString('latin1'), whole.length, false);
  if (isUtf8(whole)) return upTo(whole.toString('utf8'), whole.length, false);
  const fault = faultIn(whole);
  return upTo(whole.toString('utf8', 0, fault), fault, true);
}

const HALF_OF_PAIR = /\p{Cs}/u;

function decodeUtf16(bytes: Buffer, isLast: boolean): Decoded {
  const pairs = bytes.length - (bytes.length % 2);
  const isCut = !isLast && pairs > 0 && ((bytes[pairs - 1] ?? 0) & 0xfc) === 0xd8;
  const end = isCut ? pairs - 2 : pairs;
  const text = bytes.toString('utf16le', 0, end);
  const fault = text.search(HALF_OF_PAIR);
  if (fault !== -1) return upTo(text.slice(0, fault), 2 * fault, true);
  return upTo(text, end, isLast && end < bytes.length);
}

/** The place of the first byte that is not part of a valid character. */
function faultIn(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthOf(bytes[at] ?? 0);
    if (length === 0 || (length > 1 && !isUtf8(bytes.subarray(at, at + length)))) return at;
    at += length;
  }
  return at;
}

/** The length in bytes of the character that begins with this byte; 0 if none does. */
function lengthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The number of bytes of an incomplete character at the end. */
function cutLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

/** The characters 0x80 to 0x9f, which differ from ISO 8859-1. Some releases of Node's decoder do not translate them. */
const FROM_0X80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function fromWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (char) => FROM_0X80[char.charCodeAt(0) - 0x80] ?? char);
}
