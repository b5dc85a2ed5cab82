import { GzipFault, gunzipped } from '@linkhaul/runtime/gunzip';
import { GZIP_TELLS, isGzip } from '@linkhaul/schemas';
import { ApiProblem } from '../problem.js';
import { fileKind, fileKindAtEnd } from './file-kinds.js';

interface UnpackOptions {
  /** Whether `Content-Encoding` says gzip. */
  readonly isPacked: boolean;
  /** The most unpacked bytes at once. */
  readonly chunkSize: number;
}

/**
 * The bytes of a body, unpacked if `Content-Encoding` says gzip or if they begin like a gzip file. A file that cannot be a list,
 * such as XLSX, is refused by name.
 */
export async function* unpack(body: AsyncGenerator<Buffer>, options: UnpackOptions): AsyncGenerator<Buffer> {
  const { isPacked, chunkSize } = options;
  const chunks = isPacked ? unzipped(body, chunkSize) : body;
  const beginning = await beginningOf(chunks);
  const all = withHead(beginning.head, chunks);
  if (!beginning.isPacked) return yield* all;
  const inner = unzipped(all, chunkSize);
  const within = await beginningOf(inner);
  if (within.isPacked) {
    void inner.return(undefined).catch(() => undefined);
    throw new ApiProblem('unsupported_media_type', 'The body is a gzip file within a gzip file: send it packed once.');
  }
  yield* withHead(within.head, inner);
}

async function* unzipped(packed: AsyncGenerator<Buffer>, chunkSize: number): AsyncGenerator<Buffer> {
  try {
    yield* gunzipped(packed, chunkSize);
  } catch (error) {
    if (!(error instanceof GzipFault)) throw error;
    throw new ApiProblem('invalid_compression', FAULTS[error.kind]);
  }
}

const FAULTS = {
  cut: 'The gzip stream is incomplete, or a stray byte follows it: send all of it, and nothing after it.',
  broken:
    'The body is not gzip, or not all of it: leave Content-Encoding out, or compress the list again and send nothing after it.',
} as const;

interface Beginning {
  readonly head: Buffer;
  readonly isPacked: boolean;
}

/** Reads as many bytes as it takes to recognise a body, usually one chunk. Releases a body that it refuses. */
async function beginningOf(chunks: AsyncGenerator<Buffer>): Promise<Beginning> {
  try {
    return await readBeginning(chunks);
  } catch (error) {
    // Not awaited: the client may be silent, and the refusal must not wait for it.
    void chunks.return(undefined).catch(() => undefined);
    throw error;
  }
}

async function readBeginning(chunks: AsyncIterator<Buffer>): Promise<Beginning> {
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const { done = false, value } = await chunks.next();
    if (!done) head = head.length === 0 ? value : Buffer.concat([head, value]);
    const kind = done ? fileKindAtEnd(head) : fileKind(head);
    if (kind) throw new ApiProblem('unsupported_media_type', `The body is ${kind.name}: ${kind.way}.`);
    const isOpen = kind === undefined || head.length < GZIP_TELLS;
    if (done || !isOpen) return { head, isPacked: isGzip(head) };
  }
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
