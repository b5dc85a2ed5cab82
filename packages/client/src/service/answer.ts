import { problem } from '@linkhaul/schemas';
import type { z } from 'zod';
import { retryAfter } from '../retry-after.js';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';

/** The media types of streamed answers. */
export const MEDIA_TYPES = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  events: 'text/event-stream',
} as const;

export type Format = keyof typeof MEDIA_TYPES;

/** Throws for an answer of another format. A login page or a portal answers with 200 too, and must not pass for data. */
export async function requireType(response: Response, format: Format): Promise<void> {
  const wanted = MEDIA_TYPES[format];
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === wanted) return;
  // An unread body would hold its connection.
  await response.body?.cancel();
  throw new LinkhaulUnexpectedAnswer(response, new Error(`it is ${type ?? 'of no type'}, not ${wanted}`));
}

/** Throws for a removal that is answered with anything but 204: a page with content is not from the service. */
export async function requireNoContent(response: Response): Promise<void> {
  if (response.status === 204) return;
  await response.body?.cancel();
  throw new LinkhaulUnexpectedAnswer(response, new Error('a removal is answered with 204'));
}

/**
 * A body as it comes. A body that is cut off never just ends: reading fails with `LinkhaulUnreachable`, or with the reason of
 * the signal that ended it.
 */
export function bodyOf(response: Response, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const reader = response.body?.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await reader?.read().catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : new LinkhaulUnreachable(response.url, error);
      });
      if (next === undefined || next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel(reason) {
      // The connection may be broken by now, which does not matter to a reader who leaves.
      await reader?.cancel(reason).catch(() => undefined);
    },
  });
}

/** Parses JSON by a schema. Throws `LinkhaulUnexpectedAnswer` for anything else. */
export function parseAnswer<S extends z.ZodType>(
  schema: S,
  text: string,
  answer: { url: string; status: number },
): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new LinkhaulUnexpectedAnswer(answer, error);
  }
}

/** The error for an answer outside of 2xx. Never rejects. */
export async function refusalOf(response: Response, url: string): Promise<Error> {
  const answer = { url, status: response.status };
  try {
    const parsed = parseAnswer(problem, await response.text(), answer);
    const waitMs = retryAfter(response.headers.get('retry-after') ?? undefined, Date.now());
    return new LinkhaulProblem(response.status, parsed, waitMs);
  } catch (error) {
    return error instanceof LinkhaulUnexpectedAnswer ? error : new LinkhaulUnreachable(url, error);
  }
}
