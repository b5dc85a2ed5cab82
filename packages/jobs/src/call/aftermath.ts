import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/**
 * A moment when Redis may have lost writes, and how far the upstream's record was searched for them. Times are ms on
 * Redis' clock.
 */
export interface Change {
  readonly changedAt: number;
  /** The next search of the record begins here. */
  readonly from: number;
  /** The search ends here. Null before it has begun. */
  readonly to: number | null;
  /** When the search first saw a running request that no job knows. Null if it saw none. */
  readonly unknownSince: number | null;
}

interface Progress extends Pick<Change, 'from' | 'to' | 'unknownSince'> {
  /** When to go on. */
  readonly at: number;
}

/** The work that one worker of the account does after Redis may have lost writes. Steps for an older loss do nothing. */
export interface Aftermath {
  /** Null if nothing is to be done now. */
  due(now: number): Promise<Change | null>;
  goOn(change: Change, progress: Progress): Promise<void>;
  end(change: Change): Promise<void>;
}

const aftermathScript = script<{
  account: string;
  changed_at: number;
  progress: { from: number; to: number | null; unknown_since: number | null; at: number } | null;
}>()('call/aftermath', z.number());

const time = z.coerce.number();
const optionalTime = z
  .string()
  .nullable()
  .transform((text) => (text === null || text === '' ? null : Number(text)));
const known = z.tuple([time, time, optionalTime, optionalTime, time]);

export function createAftermath({ redis, keys, run }: Access, account: string): Aftermath {
  return {
    async due(now) {
      const fields = await redis.hmget(keys.aftermath(account), 'changed_at', 'from', 'to', 'open', 'at');
      if (fields[0] === null) return null;
      const [changedAt, from, to, unknownSince, at] = known.parse(fields);
      return at <= now ? { changedAt, from, to, unknownSince } : null;
    },
    async goOn({ changedAt }, { from, to, unknownSince, at }) {
      const progress = { from, to, unknown_since: unknownSince, at };
      await run(aftermathScript, { account, changed_at: changedAt, progress });
    },
    async end({ changedAt }) {
      await run(aftermathScript, { account, changed_at: changedAt, progress: null });
    },
  };
}
