import { type IdListEntry, type Nanos, nanosOf } from '@linkhaul/schemas';

/** How soon a call whose fate is not known yet is looked up again. */
export const LOOK_AGAIN_MS = 10_000;

/** What is known, or was decided, of an attempt without an answer. */
export interface Fate {
  readonly kind: 'lost' | 'not_executed' | 'blind';
  readonly cost: Nanos;
  /** The upstream's id of the task, where its record shows it. */
  readonly taskId?: string | null;
}

/** What the upstream's record says of an attempt. */
export type Sight =
  | { readonly kind: 'entry'; readonly entry: IdListEntry }
  /** `beganAt`: since when the record was read, from its first page to its last, without a sight of it. */
  | { readonly kind: 'absent'; readonly beganAt: number }
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
  const blind: Fate = { kind: 'blind', cost: 0 };
  const againBy = (time: number): Wait => ({ kind: 'wait', until: Math.min(now + LOOK_AGAIN_MS, time) });
  switch (sight.kind) {
    case 'entry': {
      const { datetime_done: done, cost, id = null } = sight.entry;
      if (done != null) return { kind: 'lost', cost: nanosOf(cost ?? 0), taskId: id };
      return now < blindAt ? againBy(blindAt) : blind;
    }
    case 'absent':
      if (sight.beganAt >= settledAt) return { kind: 'not_executed', cost: 0 };
      return againBy(settledAt);
    case 'no_record':
      return now < settledAt ? { kind: 'wait', until: settledAt } : blind;
    case 'failed':
      return now < blindAt ? againBy(blindAt) : blind;
  }
}

export interface Wait {
  readonly kind: 'wait';
  readonly until: number;
}
