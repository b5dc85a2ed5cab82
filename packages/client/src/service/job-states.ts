import { type EndpointName, isFinished, type Job, job } from '@linkhaul/schemas';
import { z } from 'zod';
import { parseAnswer } from './answer.js';
import { type AnyJobId, type JobOf, jobOf } from './by-endpoint.js';
import { serverEvents } from './event-stream.js';
import type { Transport } from './transport.js';

/**
 * What has happened to jobs. `reset`: changes may have been missed, so list the jobs that you show again. It comes first, and
 * whenever the stream could not go on from the last event.
 */
export type JobsChange =
  | { readonly type: 'reset' }
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'deleted'; readonly id: string };

/**
 * A job as it is now, and after each change, until it is finished. A stream that breaks off is opened again after the last
 * event, so that no state comes twice. It ends early only if the service refuses or the caller aborts.
 */
export async function* jobStates<E extends EndpointName>(
  transport: Transport,
  id: AnyJobId<E>,
  signal?: AbortSignal,
): AsyncGenerator<JobOf<E>> {
  for await (const { name, data, answer } of serverEvents(transport, ['jobs', id, 'events'], { signal })) {
    if (name !== 'job') continue;
    const state = parseAnswer(jobOf<E>(), data, answer);
    yield state;
    if (isFinished(state)) return;
  }
}

const deletion = z.object({ id: z.string() });

/** The changes of all jobs, until the service refuses or the caller aborts. Events of other kinds are skipped. */
export async function* jobsChanges(transport: Transport, signal?: AbortSignal): AsyncGenerator<JobsChange> {
  for await (const { name, data, answer } of serverEvents(transport, ['jobs', 'events'], { signal })) {
    if (name === 'reset') yield { type: 'reset' };
    if (name === 'job') yield { type: 'job', job: parseAnswer(job, data, answer) };
    if (name === 'deleted') yield { type: 'deleted', id: parseAnswer(deletion, data, answer).id };
  }
}
