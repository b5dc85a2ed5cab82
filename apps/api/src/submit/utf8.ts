import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Bytes that are not UTF-8. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
  /** Of the first such byte, counted from 0 at the start of the body. */
  readonly offset: number;
  /** Line feeds between the last chunk that was good and that byte. */
  readonly lines: number;

  constructor(offset: number, lines: number) {
    super(`byte ${offset} is not UTF-8`);
    this.offset = offset;
    this.lines = lines;
  }
}

interface Utf8Reader {
  /** The text of the next bytes; a character that is cut at their end comes with those after them. */
  read(chunk: Buffer): string;
  /** Throws when the bytes ended within a character. */
  end(): void;
}

/** Turns chunks of bytes into text and says where bytes are wrong. A byte order mark at the start is left out. */
export function createUtf8Reader(): Utf8Reader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pending: Buffer = Buffer.alloc(0);
  let consumed = 0;
  const fault = (bytes: Buffer) => {
    const at = faultIn(bytes);
    return new NotUtf8(consumed - pending.length + at, countLines(bytes.subarray(0, at)));
  };
  return {
    read(chunk) {
      const text = attempt(() => decoder.decode(chunk, { stream: true }));
      if (text === null) throw fault(Buffer.concat([pending, chunk]));
      consumed += chunk.length;
      pending = cutCharacter(chunk.length < 4 ? Buffer.concat([pending, chunk]) : chunk);
      return text;
    },
    end() {
      if (attempt(() => decoder.decode()) === null) throw fault(pending);
    },
  };
}

/**
 * The first byte that is not UTF-8, and how many line feeds stand before it; null where there is none. A character that
 * is cut at the end is a fault only where nothing follows.
 */
export function faultInUtf8(bytes: Buffer, isLast: boolean): { offset: number; lines: number } | null {
  const whole = isLast ? bytes : bytes.subarray(0, bytes.length - cutCharacter(bytes).length);
  if (isUtf8(whole)) return null;
  const offset = faultIn(bytes);
  return { offset, lines: countLines(bytes.subarray(0, offset)) };
}

function attempt(decode: () => string): string | null {
  try {
    return decode();
  } catch {
    return null;
  }
}

/** The first byte that no character begins or goes on with. */
function faultIn(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthOf(bytes[at] ?? 0);
    if (length > 1 && !isUtf8(bytes.subarray(at, at + length))) return at;
    if (length === 0) return at;
    at += length;
  }
  return at;
}

/** Bytes of the character that begins with this one; 0 where none does. */
function lengthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The character at the end of good bytes that is not whole yet. */
function cutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthOf(byte) > back ? Buffer.from(bytes.subarray(-back)) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
