import { LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';

/** The forms that answers of any length come in. */
export const MEDIA_TYPES = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  events: 'text/event-stream',
} as const;

export type MediaType = (typeof MEDIA_TYPES)[keyof typeof MEDIA_TYPES];

/** A login page or a portal answers with 200 too: its page must not pass for data. */
export async function requireType(response: Response, wanted: MediaType): Promise<void> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === wanted) return;
  // What is left unread would hold its connection.
  await response.body?.cancel();
  throw new LinkhaulUnexpectedAnswer(response, new Error(`it is ${type ?? 'of no type'}, not ${wanted}`));
}

/** A body as it comes. It ends with the signal's own reason, or with `LinkhaulUnreachable` where it is cut: never early. */
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
      // It may be broken already, which is nothing to who leaves.
      await reader?.cancel(reason).catch(() => undefined);
    },
  });
}
