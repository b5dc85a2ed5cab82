/**
 * A list of targets, one on each line: the whole text, a file from a browser, or chunks of it, as a file or a query gives them.
 * A browser sends chunks only by HTTP/2 or newer.
 */
export type TextBody = string | Uint8Array | Blob | AsyncIterable<string | Uint8Array>;

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

interface UploadedBody {
  readonly body: string | Uint8Array<ArrayBuffer> | Blob | Bytes;
  /** The error of the list's source. Null if it threw none. It shows who is to blame for a broken upload. */
  readonly failure: () => { readonly error: unknown } | null;
  /** Closes the source, even if it was not read to its end: the service may refuse before. */
  readonly leave: () => void;
}

/** Smaller chunks, such as single lines, are sent together, because each chunk costs as much as a large one. */
const CHUNK_BYTES = 65_536;
/** After waiting this long for a chunk, what has come is sent at once. */
const GATHER_MS = 100;

/** A list as a request body, compressed if `gzip` is true. A list of chunks is compressed on the way. */
export async function uploadedBody(list: TextBody, gzip: boolean): Promise<UploadedBody> {
  if (isWhole(list)) {
    const whole = list instanceof Uint8Array ? unshared(list) : list;
    const body = gzip ? await new Response(gzipped(new Blob([whole]).stream())).blob() : whole;
    return { body, failure: () => null, leave: () => undefined };
  }
  let failure: { readonly error: unknown } | null = null;
  const iterator = list[Symbol.asyncIterator]();
  const stream = streamOf(iterator, (error) => {
    failure = { error };
  });
  return {
    body: gzip ? gzipped(stream) : stream,
    failure: () => failure,
    leave: () => void iterator.return?.().then(undefined, () => undefined),
  };
}

function isWhole(list: TextBody): list is Exclude<TextBody, AsyncIterable<string | Uint8Array>> {
  return typeof list === 'string' || list instanceof Uint8Array || list instanceof Blob;
}

/** `fetch` does not take bytes that another thread may change. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes);
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

function gzipped(stream: Bytes): Bytes {
  return stream.pipeThrough(new CompressionStream('gzip'));
}

/** An error of the source is reported, then ends the stream. */
function streamOf(source: AsyncIterator<string | Uint8Array>, onError: (error: unknown) => void): Bytes {
  const encoder = new TextEncoder();
  const next = async () => {
    const { done, value } = await source.next();
    if (done) return null;
    return typeof value === 'string' ? encoder.encode(value) : unshared(value);
  };
  return new ReadableStream({
    async pull(controller) {
      const askedAt = performance.now();
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      while (size < CHUNK_BYTES) {
        const chunk = await next().catch((error: unknown) => {
          onError(error);
          throw error;
        });
        if (chunk === null) break;
        chunks.push(chunk);
        size += chunk.length;
        if (performance.now() - askedAt > GATHER_MS) break;
      }
      if (size > 0) controller.enqueue(joined(chunks, size));
      else controller.close();
    },
    async cancel() {
      await source.return?.();
    },
  });
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
