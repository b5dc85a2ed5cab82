import { createHash } from 'node:crypto';
import { type JobRecord, jobView, type Outlook } from '@linkhaul/jobs';

/** A state of a job as server-sent events carry it. */
export interface Frame {
  /** The same for the same state, whichever process reads it: who comes back with it is told what has changed since. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Nothing comes after it. */
  readonly last: boolean;
}

const encoder = new TextEncoder();

export const HEARTBEAT = encoder.encode(': still here\n\n');

/** When it will end goes with the state, but is none of it: that changes all the time. */
export function frameOf(record: JobRecord, outlook: Outlook | null): Frame {
  const id = stateOf(record, outlook);
  const text = `event: job\nid: ${id}\ndata: ${JSON.stringify(jobView(record, outlook))}\n\n`;
  return { id, bytes: encoder.encode(text), last: record.finishedAt !== null };
}

export function stateOf(record: JobRecord, outlook: Outlook | null): string {
  const state = jobView(record, outlook && { ...outlook, etaMs: null });
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22);
}
