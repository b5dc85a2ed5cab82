import { bodyOf, MEDIA_TYPES, requireType } from './answer.js';
import { LinkhaulUnreachable } from './errors.js';
import { askedPauseMs, mayPass, pauseFor } from './outage.js';
import { get, type Path } from './request.js';
import type { Transport } from './transport.js';

/** A server-sent event. */
interface ServerEvent {
  readonly name: string;
  /** The place in the stream, from which it can go on. */
  readonly id: string;
  readonly data: string;
  /** The answer to which the event belongs. */
  readonly answer: { readonly url: string; readonly status: number };
}

interface Listening {
  readonly signal?: AbortSignal | undefined;
  /** A stream that is silent for this time, in milliseconds, is given up. */
  readonly silentMs?: number;
}

/** The pause before a stream that broke off is opened again: doubled each time, until an event comes. */
const COME_BACK_AFTER_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The service sends a sign of life every 15 s. A connection may break silently, as after a sleep of the machine. */
const SILENT_MS = 45_000;

/**
 * The events of a stream. If it breaks off, it is opened again after the last event. It ends if the service has no further events
 * (204) or refuses, or if the caller aborts.
 */
export async function* serverEvents(
  transport: Transport,
  path: Path,
  { signal, silentMs = SILENT_MS }: Listening,
): AsyncGenerator<ServerEvent> {
  let last = '';
  for (let pauseMs = COME_BACK_AFTER_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    let askedMs = 0;
    try {
      const response = await transport.send({
        ...get(path, { signal }),
        headers: { accept: MEDIA_TYPES.events, ...(last !== '' && { 'last-event-id': last }) },
      });
      if (response.status === 204) return;
      await requireType(response, 'events');
      for await (const event of eventsOf(response, notSilent(bodyOf(response, signal), response.url, silentMs))) {
        [last, pauseMs] = [event.id, COME_BACK_AFTER_MS];
        yield event;
      }
    } catch (error) {
      if (signal?.aborted || !mayPass(error)) throw error;
      askedMs = askedPauseMs(error);
    }
    await pauseFor(Math.max(askedMs, pauseMs), signal);
  }
}

/** The chunks of a body. Reading fails if none comes for a time. */
async function* notSilent(body: ReadableStream<Uint8Array>, url: string, ms: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const next = await within(ms, reader.read(), () => new LinkhaulUnreachable(url, new Error('it has gone silent')));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await reader.cancel();
  }
}

async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ending = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([work, ending]).finally(() => clearTimeout(timer));
}

/** Leaves out comments, and events without an id. */
async function* eventsOf(answer: Response, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  for await (const block of blocksOf(chunks)) {
    const { event: name, id, data } = fieldsOf(block);
    if (name !== undefined && id !== undefined && data !== undefined) yield { name, id, data, answer };
  }
}

/** The blocks of a stream, each an event or a comment. */
async function* blocksOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    yield* blocks;
  }
}

function fieldsOf(block: string): Record<string, string> {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}
