import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiProblem } from '../problem.js';
import { fileKind, fileKindAtEnd } from './file-kinds.js';

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * The bytes of a body, unpacked where they are a gzip file that nobody spoke of. A file of a kind that holds no list that can
 * be read is refused by its name.
 */
export async function* unpack(chunks: AsyncGenerator<Buffer>, chunkSize: number): AsyncGenerator<Buffer> {
  const { head, isGzip } = await beginningOf(chunks);
  const all = withHead(head, chunks);
  if (!isGzip) return yield* all;
  const gunzip = createGunzip({ chunkSize });
  // An error of either is thrown where the bytes are read.
  pipeline(Readable.from(all), gunzip, () => undefined);
  const inner = gunzip[Symbol.asyncIterator]();
  const { head: within, isGzip: isTwice } = await beginningOf(inner);
  if (isTwice) {
    throw new ApiProblem('unsupported_media_type', 'The body is a gzip file within a gzip file: send it packed once.');
  }
  yield* withHead(within, inner);
}

interface Beginning {
  readonly head: Buffer;
  readonly isGzip: boolean;
}

/** Reads as far as is needed to tell what a body is: for nearly every list one chunk. */
async function beginningOf(chunks: AsyncIterator<Buffer>): Promise<Beginning> {
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const { done = false, value } = await chunks.next();
    if (!done) head = head.length === 0 ? value : Buffer.concat([head, value]);
    const kind = done ? fileKindAtEnd(head) : fileKind(head);
    if (kind) throw new ApiProblem('unsupported_media_type', `The body is ${kind.name}: ${kind.way}.`);
    const isOpen = kind === undefined || isWithin(GZIP, head);
    if (done || !isOpen) return { head, isGzip: head.subarray(0, GZIP.length).equals(GZIP) };
  }
}

/** Whether the bytes may still become these. */
function isWithin(whole: Buffer, bytes: Buffer): boolean {
  return bytes.length < whole.length && whole.subarray(0, bytes.length).equals(bytes);
}

async function* withHead(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { done, value } = await chunks.next();
      if (done) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}
