const SIZE = /^[ \t]*([\da-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n/i;
const LONGEST_SIZE = 1024;

/**
 * The body behind `Transfer-Encoding: chunked`. Where it does not begin with a chunk it is taken as it is: browsers' archives
 * keep the field and not the chunks. Behind a broken chunk, the rest is taken as it is. A body that ends before its last chunk
 * does was cut off.
 */
export function withoutChunks(body: Buffer): { readonly bytes: Buffer; readonly isCut: boolean } {
  const pieces: Buffer[] = [];
  let at = 0;
  let isCut = false;
  while (at < body.length) {
    const size = SIZE.exec(body.toString('latin1', at, at + LONGEST_SIZE));
    if (size === null) {
      pieces.push(body.subarray(at));
      break;
    }
    const length = Number.parseInt(size[1] ?? '0', 16);
    if (length === 0) break;
    at += size[0].length;
    pieces.push(body.subarray(at, at + length));
    at += length;
    isCut = at > body.length;
    if (body[at] === 13) at++;
    if (body[at] === 10) at++;
  }
  return { bytes: pieces.length === 1 ? (pieces[0] ?? body) : Buffer.concat(pieces), isCut };
}
