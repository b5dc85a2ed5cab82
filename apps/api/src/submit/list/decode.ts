import type { ListEncoding } from '@linkhaul/schemas';
import { beginningOf, type Charset } from './charsets.js';
import { DECODERS } from './encodings.js';

/** The bytes are not valid in the encoding of the list. */
export class WrongBytes extends Error {
  override readonly name = 'WrongBytes';
  readonly encoding: ListEncoding;
  /** The place of the first wrong byte, counted from 0 at the start of the body. */
  readonly offset: number;

  constructor(encoding: ListEncoding, offset: number) {
    super(`byte ${offset} is not ${encoding}`);
    this.encoding = encoding;
    this.offset = offset;
  }
}

interface DecodeOptions {
  readonly charset: Charset;
  readonly onEncoding?: (encoding: ListEncoding) => void;
}

/**
 * Decodes a body into pieces of whole characters, without the byte order mark. If a byte is wrong, yields the text before it and
 * then throws `WrongBytes`.
 */
export async function* decodeText(body: AsyncIterable<Buffer>, options: DecodeOptions): AsyncGenerator<string> {
  let decoder: Decoder | null = null;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    decoder ??= beginDecoding(rest, false, options);
    if (decoder === null) continue;
    yield* decoder(rest, false);
    rest = Buffer.alloc(0);
  }
  decoder ??= beginDecoding(rest, true, options);
  if (decoder !== null) yield* decoder(rest, true);
}

/** Decodes the next bytes. An incomplete character at their end is held until the next bytes. */
type Decoder = (bytes: Buffer, isLast: boolean) => Generator<string>;

function beginDecoding(head: Buffer, isLast: boolean, { charset, onEncoding }: DecodeOptions): Decoder | null {
  const beginning = beginningOf(head, charset, isLast);
  if (beginning === null) return null;
  const { encoding } = beginning;
  const decode = DECODERS[encoding];
  onEncoding?.(encoding);
  let offset = 0;
  let toSkip = beginning.mark;
  let cut: Buffer = Buffer.alloc(0);
  return function* decodeNext(bytes, isEnd) {
    const all = (cut.length === 0 ? bytes : Buffer.concat([cut, bytes])).subarray(toSkip);
    offset += toSkip;
    toSkip = 0;
    const { text, taken, isFault } = decode(all, isEnd);
    offset += taken;
    cut = all.subarray(taken);
    if (text !== '') yield text;
    if (isFault) throw new WrongBytes(encoding, offset);
  };
}
