import type { Nanos, RecordEntry } from '@linkhaul/schemas';
import { isAround } from './record-window.js';

/** How soon a call whose fate is not known yet is looked up again. */
export const LOOK_AGAIN_MS = 10_000;

/** What is known, or was decided, of an attempt without an answer. */
export interface Fate {
  readonly kind: 'lost' | 'not_executed' | 'blind';
  /** Null where nobody knows it: what was reserved stays unconfirmed. */
  readonly cost: Nanos | null;
  /** The upstream's id of the task, where its record shows it. */
  readonly taskId?: string | null;
}

/** What the upstream's record says of an attempt. `beganAt`: since when the record was read, from its first page on. */
export type Sight =
  | { readonly kind: 'entry'; readonly entry: RecordEntry; readonly beganAt: number }
  /** The record was read to its end without a sight of it. */
  | { readonly kind: 'absent'; readonly beganAt: number }
  /** The same, but it may be one of the entries that say nothing of whose they are. */
  | { readonly kind: 'hidden' }
  /** There is no record to ask. */
  | { readonly kind: 'no_record' }
  /** It was not read to the end. */
  | { readonly kind: 'failed' };

interface FateLimits {
  /** From the sending until the upstream is surely not at the call any more, and its record surely shows it. */
  readonly lookUpAfterMs: number;
  readonly maxMs: number;
}

interface Seen {
  readonly sight: Sight;
  readonly sentAt: number;
  readonly now: number;
}

/** All times are on Redis' clock, in ms since the epoch. `wait`: nothing can be said before the record is asked again. */
export function fateOf({ sight, sentAt, now }: Seen, { lookUpAfterMs, maxMs }: FateLimits): Fate | Wait {
  const settledAt = sentAt + lookUpAfterMs;
  const blindAt = Math.max(sentAt + maxMs, settledAt);
  const againBy = (time: number): Wait => ({
    kind: 'wait',
    until: Math.min(now + LOOK_AGAIN_MS, Math.max(now + 1, time)),
  });
  switch (sight.kind) {
    case 'entry': {
      const { doneAt, postedAt, cost, id } = sight.entry;
      // An entry that says nothing of its end is done when the upstream cannot be at it any more.
      const beganAt = postedAt !== null && isAround({ sentAt }, postedAt) ? postedAt : sentAt;
      const overAt = beganAt + lookUpAfterMs;
      if (doneAt !== null || sight.beganAt >= overAt) return { kind: 'lost', cost, taskId: id };
      return againBy(overAt);
    }
    case 'absent':
      if (sight.beganAt >= settledAt) return { kind: 'not_executed', cost: 0 };
      return againBy(settledAt);
    case 'no_record':
      return now < settledAt ? { kind: 'wait', until: settledAt } : blind;
    case 'hidden':
    case 'failed':
      return now < blindAt ? againBy(blindAt) : blind;
  }
}

const blind: Fate = { kind: 'blind', cost: null };

export interface Wait {
  readonly kind: 'wait';
  readonly until: number;
}
