import { GZIP_TELLS, isGzip } from '@linkhaul/schemas';

type Bytes = AsyncIterable<Buffer>;

export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A stream, and whether it is gzip by its first bytes: what headers say of it need not be so. */
export async function leadOf(source: Bytes): Promise<{ isGzip: boolean; bytes: Bytes }> {
  const { head, bytes } = await headOf(source, GZIP_TELLS);
  return { isGzip: isGzip(head), bytes };
}

/** The same stream, without the byte order mark that it may begin with. */
export async function* withoutMark(source: Bytes): AsyncGenerator<Buffer> {
  const { head, bytes } = await headOf(source, BYTE_ORDER_MARK.length);
  let skipped = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for await (const chunk of bytes) {
    yield chunk.subarray(skipped);
    skipped = 0;
  }
}

/** The first bytes of a stream, at least so many where there are so many, and the whole of it. */
async function headOf(source: Bytes, least: number): Promise<{ head: Buffer; bytes: Bytes }> {
  const rest = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < least) {
    const next = await rest.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, bytes: joined(head, rest) };
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
