import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { SubmissionFields } from './by-endpoint.js';
import { decimalOf } from './decimal.js';

/** A list of targets, a line each: whole, or as it comes from a file or a query. */
export type TextBody = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** The fields of a submission whose body is the list itself: objects travel as JSON. */
export function fieldsQuery(fields: SubmissionFields): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, textOf(value));
  return query;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return decimalOf(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

interface StreamedBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** What the source threw: whose fault it was that an upload broke. Null where it threw nothing. */
  readonly failure: () => { readonly error: unknown } | null;
  /** Leaves the source, wherever it is: a refusal may come before its end. */
  readonly leave: () => void;
}

/** A body that streams, gzipped on the way where asked for. An error of the source ends the upload. */
export function streamedBody(body: TextBody, gzip: boolean): StreamedBody {
  let failure: { readonly error: unknown } | null = null;
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? wholeOf(body) : body;
  const watched = watching(chunks, (error) => {
    failure = { error };
  });
  const source = Readable.from(watched, { objectMode: false });
  // pipeline destroys the gzip stream with the source's error, so that the reader sees it; nothing is left to do here.
  const stream = Readable.toWeb(gzip ? pipeline(source, createGzip(), () => undefined) : source);
  return { stream, failure: () => failure, leave: () => source.destroy() };
}

async function* wholeOf<T>(body: T): AsyncGenerator<T> {
  yield body;
}

/** Not by try around the yield: a stream that is destroyed throws there what the network did. */
async function* watching<T>(chunks: AsyncIterable<T>, onError: (error: unknown) => void): AsyncGenerator<T> {
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
