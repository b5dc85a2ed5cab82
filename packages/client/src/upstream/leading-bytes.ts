import { GZIP_TELLS, isGzip } from '@linkhaul/schemas';

type Bytes = AsyncIterable<Buffer>;

export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whether the first bytes of a stream are gzip, and the whole stream. Headers may be wrong about it. */
export async function leadOf(source: Bytes): Promise<{ isGzip: boolean; bytes: Bytes }> {
  const { head, bytes } = await headOf(source, GZIP_TELLS);
  return { isGzip: isGzip(head), bytes };
}

/** A stream without its byte order mark, if it begins with one. */
export async function* withoutMark(source: Bytes): AsyncGenerator<Buffer> {
  const { head, bytes } = await headOf(source, BYTE_ORDER_MARK.length);
  let skipped = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for await (const chunk of bytes) {
    yield chunk.subarray(skipped);
    skipped = 0;
  }
}

/** The first `least` bytes of a stream, or more, or all if it is shorter; and the whole stream. */
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
