import { type EndpointName, isFinished } from '@linkhaul/schemas';
import { bodyOf, MEDIA_TYPES, parseAnswer, requireType } from './answer.js';
import { type AnyJobId, type JobOf, jobOf } from './by-endpoint.js';
import { askedPauseMs, mayPass, pauseFor } from './outage.js';
import { get } from './request.js';
import type { Transport } from './transport.js';

interface StateEvent {
  readonly id: string;
  readonly data: string;
}

/** The pause before a stream that ended before the job is opened again. */
const COME_BACK_AFTER_MS = 1_000;

/**
 * A job as it is now, and after each change, until it is finished. A stream that breaks off is opened again after the last
 * event, so that no state comes twice. It ends early only if the service refuses or the caller aborts.
 */
export async function* jobStates<E extends EndpointName>(
  transport: Transport,
  id: AnyJobId<E>,
  signal?: AbortSignal,
): AsyncGenerator<JobOf<E>> {
  for (let last = ''; ; ) {
    let pauseMs = COME_BACK_AFTER_MS;
    try {
      const response = await transport.send({
        ...get(['jobs', id, 'events'], { signal }),
        headers: { accept: MEDIA_TYPES.events, ...(last !== '' && { 'last-event-id': last }) },
      });
      if (response.status === 204) return;
      await requireType(response, 'events');
      for await (const event of stateEvents(bodyOf(response, signal))) {
        const state = parseAnswer(jobOf<E>(), event.data, { url: response.url, status: response.status });
        last = event.id;
        yield state;
        if (isFinished(state)) return;
      }
    } catch (error) {
      if (signal?.aborted || !mayPass(error)) throw error;
      pauseMs = Math.max(pauseMs, askedPauseMs(error));
    }
    await pauseFor(pauseMs, signal);
  }
}

/** The `job` events of a stream. Comments and other events are skipped. */
async function* stateEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StateEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const { event, id, data } = fieldsOf(block);
      if (event === 'job' && id !== undefined && data !== undefined) yield { id, data };
    }
  }
}

function fieldsOf(block: string): Record<string, string> {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}
