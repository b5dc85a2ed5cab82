const SIZE = /^[ \t]*([\da-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n/i;
const LONGEST_SIZE = 1024;

/** A body without its chunks. */
interface Unchunked {
  readonly bytes: Buffer;
  /** Whether it had any. */
  readonly isChunked: boolean;
  /** Why something of it may be missing, or null. */
  readonly fault: string | null;
}

/**
 * The body behind `Transfer-Encoding: chunked`. Where it does not begin with a chunk it is taken as it is: browsers' archives
 * keep the field and not the chunks. Behind a broken chunk, the rest is taken as it is. A body without its last chunk, which is
 * empty, was cut off.
 */
export function withoutChunks(body: Buffer): Unchunked {
  const pieces: Buffer[] = [];
  let at = 0;
  let fault: string | null = 'the body ends before its last chunk';
  while (at < body.length) {
    const size = SIZE.exec(body.toString('latin1', at, at + LONGEST_SIZE));
    if (size === null) {
      if (at === 0) return { bytes: body, isChunked: false, fault: null };
      pieces.push(body.subarray(at));
      fault = 'a chunk of the body is broken';
      break;
    }
    const length = Number.parseInt(size[1] ?? '0', 16);
    if (length === 0) {
      fault = null;
      break;
    }
    at += size[0].length;
    pieces.push(body.subarray(at, at + length));
    at += length;
    if (body[at] === 13) at++;
    if (body[at] === 10) at++;
  }
  return { bytes: pieces.length === 1 ? (pieces[0] ?? body) : Buffer.concat(pieces), isChunked: true, fault };
}
