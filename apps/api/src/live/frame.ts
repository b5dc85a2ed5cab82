import { createHash } from 'node:crypto';
import { type JobPace, type JobRecord, jobView } from '@linkhaul/jobs';

/** A state of a job as server-sent events carry it. */
export interface Frame {
  /** The same for equal states in every process, so a listener who reconnects with it gets only later changes. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** The last state: the stream ends after it. */
  readonly last: boolean;
}

/** A state of a job in the stream of all jobs. */
interface JobState {
  /** The same for equal states. */
  readonly state: string;
  /** Makes the event with this id. */
  bytesOf(id: string): Uint8Array;
}

const encoder = new TextEncoder();

export const HEARTBEAT = encoder.encode(': still here\n\n');

/** The estimated end is sent with a state but is not part of its id, because it changes all the time. */
export function frameOf(record: JobRecord, pace: JobPace | null): Frame {
  const { state, bytesOf } = stateEvent(record, pace);
  return { id: state, bytes: bytesOf(state), last: record.finishedAt !== null };
}

export function stateEvent(record: JobRecord, pace: JobPace | null): JobState {
  return {
    state: stateOf(record, pace),
    bytesOf: (id) => eventOf('job', id, jobView(record, pace)),
  };
}

export function deletionEvent(job: string): JobState {
  return { state: 'deleted', bytesOf: (id) => eventOf('deleted', id, { id: job }) };
}

/** Tells a listener that it has missed changes. */
export function resetEvent(id: string): Uint8Array {
  return eventOf('reset', id, {});
}

export function stateOf(record: JobRecord, pace: JobPace | null): string {
  const state = jobView(record, pace && { ...pace, etaMs: null });
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22);
}

function eventOf(name: string, id: string, data: object): Uint8Array {
  return encoder.encode(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
}
