import type { Nanos, RecordEntry } from '@linkhaul/schemas';
import { isAround } from './record-window.js';

/**
 * What became of an attempt without an answer. `lost`: executed, and the answer is gone. `not_executed`: it never ran.
 * `blind`: nothing can tell.
 */
export interface Fate {
  readonly kind: 'lost' | 'not_executed' | 'blind';
  /** Null if unknown: the reserved money then stays unconfirmed. */
  readonly cost: Nanos | null;
  /** The upstream's id of the task, if its record shows it. */
  readonly taskId?: string | null;
}

/** What the upstream's record says about an attempt. `beganAt`: when the reading of the record began. */
export type RecordFinding =
  | { readonly kind: 'entry'; readonly entry: RecordEntry; readonly beganAt: number }
  /** The whole record was read, and the attempt is not in it. */
  | { readonly kind: 'absent'; readonly beganAt: number }
  /** The whole record was read, and the attempt may be one of the entries without a readable tag. */
  | { readonly kind: 'hidden' }
  /** The upstream has no record. */
  | { readonly kind: 'no_record' }
  /** The record could not be read to its end. */
  | { readonly kind: 'failed' };

interface FateLimits {
  /** This long after the send, the upstream has certainly ended the call, and its record shows it. */
  readonly lookUpAfterMs: number;
  /** How soon the attempt is looked up again if nothing could be decided. */
  readonly againMs: number;
  /** This long after the send, an attempt without any finding becomes `blind`. */
  readonly maxMs: number;
}

interface LookedUp {
  readonly finding: RecordFinding;
  readonly sentAt: number;
  readonly now: number;
}

/** The attempt is looked up again at `until`: nothing can be decided before. */
export interface Wait {
  readonly kind: 'wait';
  readonly until: number;
}

/** Decides what became of an attempt. All times are on Redis' clock, in ms since the epoch. */
export function fateOf({ finding, sentAt, now }: LookedUp, { lookUpAfterMs, againMs, maxMs }: FateLimits): Fate | Wait {
  const settledAt = sentAt + lookUpAfterMs;
  const blindAt = Math.max(sentAt + maxMs, settledAt);
  const againBy = (time: number): Wait => ({
    kind: 'wait',
    until: Math.min(now + againMs, Math.max(now + 1, time)),
  });
  switch (finding.kind) {
    case 'entry': {
      const { doneAt, postedAt, cost, id } = finding.entry;
      // An entry without an end is taken as done once the upstream can no longer be working on it.
      const startedAt = postedAt !== null && isAround({ sentAt }, postedAt) ? postedAt : sentAt;
      const overAt = startedAt + lookUpAfterMs;
      if (doneAt !== null || finding.beganAt >= overAt) return { kind: 'lost', cost, taskId: id };
      return againBy(overAt);
    }
    case 'absent':
      if (finding.beganAt >= settledAt) return { kind: 'not_executed', cost: 0 };
      return againBy(settledAt);
    case 'no_record':
      return now < settledAt ? { kind: 'wait', until: settledAt } : BLIND;
    case 'hidden':
    case 'failed':
      return now < blindAt ? againBy(blindAt) : BLIND;
  }
}

const BLIND: Fate = { kind: 'blind', cost: null };
