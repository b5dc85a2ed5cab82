import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { submission } from '@linkhaul/schemas';
import type { z } from 'zod';

/** A job's fields as a caller writes them; what is left out takes the service's default. */
export type SubmissionFields = z.input<typeof submission>;

/** A list of targets, a line each: whole, or as it comes from a file or a query. */
export type TextBody = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** The fields of a submission whose body is the list itself: objects travel as JSON. */
export function fieldsQuery(fields: SubmissionFields): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return query;
}

/** A body that streams, gzipped on the way where asked for. An error of the source ends the upload. */
export function streamedBody(body: TextBody, gzip: boolean): ReadableStream<Uint8Array> {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  const source = Readable.from(chunks, { objectMode: false });
  // pipeline destroys the gzip stream with the source's error, so that the reader sees it; nothing is left to do here.
  return Readable.toWeb(gzip ? pipeline(source, createGzip(), () => undefined) : source);
}
