import { createHash } from 'node:crypto';
import { type JobRecord, jobView, type Outlook } from '@linkhaul/jobs';

/** A state of a job as server-sent events carry it. */
export interface Frame {
  /** Equal for equal states in every process, so that a listener who comes back with it learns what has changed since. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** The last state: the stream ends after it. */
  readonly last: boolean;
}

const encoder = new TextEncoder();

export const HEARTBEAT = encoder.encode(': still here\n\n');

/** The estimated end is sent with a state but is not part of its id, because it changes all the time. */
export function frameOf(record: JobRecord, outlook: Outlook | null): Frame {
  const id = stateOf(record, outlook);
  const text = `event: job\nid: ${id}\ndata: ${JSON.stringify(jobView(record, outlook))}\n\n`;
  return { id, bytes: encoder.encode(text), last: record.finishedAt !== null };
}

export function stateOf(record: JobRecord, outlook: Outlook | null): string {
  const state = jobView(record, outlook && { ...outlook, etaMs: null });
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22);
}
