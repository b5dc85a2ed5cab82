import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** A list of targets, one a line: the whole text, chunks of it as a file or a query gives them, or a browser's file. */
export type TextBody = string | Uint8Array | AsyncIterable<string | Uint8Array> | Blob;

interface StreamedBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** What the source of the list threw; null where it threw nothing. It tells whose fault a broken upload is. */
  readonly failure: () => { readonly error: unknown } | null;
  /** Closes the source, read to its end or not: the service may refuse before. */
  readonly leave: () => void;
}

/** A list as a request body, compressed on the way where `gzip` is true. An error of the source ends the upload. */
export function streamedBody(body: Exclude<TextBody, Blob>, gzip: boolean): StreamedBody {
  let failure: { readonly error: unknown } | null = null;
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? wholeOf(body) : body;
  const watched = watchErrors(chunks, (error) => {
    failure = { error };
  });
  const source = Readable.from(watched, { objectMode: false });
  // pipeline destroys the gzip stream with the source's error, and its reader gets that error: the callback has nothing to do.
  const stream = Readable.toWeb(gzip ? pipeline(source, createGzip(), () => undefined) : source);
  return { stream, failure: () => failure, leave: () => source.destroy() };
}

async function* wholeOf<T>(body: T): AsyncGenerator<T> {
  yield body;
}

/** No try around the yield: a stream that is destroyed throws the network's error there, which is not the source's. */
async function* watchErrors<T>(chunks: AsyncIterable<T>, onError: (error: unknown) => void): AsyncGenerator<T> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((error: unknown) => {
        onError(error);
        throw error;
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
