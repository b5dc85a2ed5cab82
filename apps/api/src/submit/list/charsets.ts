import type { ListEncoding } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';

/** With `utf-16`, the byte order comes from the byte order mark or from the text. */
export type Charset = ListEncoding | 'utf-16' | null;

const CHARSETS: Readonly<Record<string, Exclude<Charset, null>>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-16': 'utf-16',
  utf16: 'utf-16',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'us-ascii': 'us-ascii',
  ascii: 'us-ascii',
  // As in browsers, ISO 8859-1 is read as windows-1252: they differ only where ISO 8859-1 has control characters.
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
};

/** The charset in `charset=`; null if there is none. */
export function charsetOf(name: string | undefined): Charset {
  if (name === undefined) return null;
  const charset = CHARSETS[name.toLowerCase()];
  if (charset !== undefined) return charset;
  throw new ApiProblem(
    'unsupported_media_type',
    `charset=${name} is not taken: convert the list to UTF-8, or send utf-16, us-ascii, iso-8859-1 or windows-1252.`,
  );
}

interface Beginning {
  readonly encoding: ListEncoding;
  /** The length of the byte order mark, in bytes. */
  readonly mark: number;
}

/** If one mark begins with another, the longer one comes first. */
const MARKS: readonly { readonly encoding: ListEncoding | 'utf-32'; readonly bytes: Buffer }[] = [
  { encoding: 'utf-32', bytes: Buffer.from([0xff, 0xfe, 0, 0]) },
  { encoding: 'utf-32', bytes: Buffer.from([0, 0, 0xfe, 0xff]) },
  { encoding: 'utf-16le', bytes: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', bytes: Buffer.from([0xfe, 0xff]) },
  { encoding: 'utf-8', bytes: Buffer.from([0xef, 0xbb, 0xbf]) },
];

/** The encoding of a list, by its first bytes; null while more are needed. A byte order mark overrides `charset=`. */
export function beginningOf(bytes: Buffer, charset: Charset, isLast = false): Beginning | null {
  const isWithin = (mark: Buffer) => bytes.length < mark.length && mark.subarray(0, bytes.length).equals(bytes);
  if (!isLast && (bytes.length < 2 || MARKS.some(({ bytes: mark }) => isWithin(mark)))) return null;
  const found = MARKS.find(({ bytes: mark }) => bytes.subarray(0, mark.length).equals(mark));
  if (found === undefined) return { encoding: withoutMark(bytes, charset), mark: 0 };
  if (found.encoding === 'utf-32') throw isUtf32();
  return { encoding: found.encoding, mark: found.bytes.length };
}

/** Detects UTF-16 without a mark: the first character of a list is ASCII, so one of its bytes is zero. */
function withoutMark([first, second]: Buffer, charset: Charset): ListEncoding {
  const likely = first === 0 ? 'utf-16be' : 'utf-16le';
  if (charset === 'utf-16') return likely;
  const isUtf16 = second !== undefined && (first === 0) !== (second === 0);
  if (isUtf16 && charset !== 'utf-16le' && charset !== 'utf-16be') {
    throw new ApiProblem(
      'invalid_encoding',
      `The list looks like UTF-16 without a byte order mark: convert it to UTF-8, or send charset=${likely} in Content-Type.`,
      { errors: [{ line: 1, code: 'invalid_encoding', message: `These bytes look like ${likely}.` }] },
    );
  }
  return charset ?? 'utf-8';
}

function isUtf32(): ApiProblem {
  return new ApiProblem('invalid_encoding', 'The list is UTF-32: convert it to UTF-8.', {
    errors: [{ line: 1, code: 'invalid_encoding', message: 'This is the byte order mark of UTF-32.' }],
  });
}
