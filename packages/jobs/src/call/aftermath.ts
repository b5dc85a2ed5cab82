import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** The upstream's record is to be gone through, because Redis was another one from some moment on. All times are Redis', in ms. */
export interface Change {
  readonly changedAt: number;
  /** From when its record is to be read on. */
  readonly from: number;
  /** Up to when; null where the reading has not begun. */
  readonly to: number | null;
  /** When the reading first saw sends that no job knows; null where it saw none. */
  readonly unknownSince: number | null;
}

interface Progress extends Pick<Change, 'from' | 'to' | 'unknownSince'> {
  /** When to go on. */
  readonly at: number;
}

/** What is left to be done of a change of Redis, over all workers of the account. Steps of an older change do nothing. */
export interface Aftermath {
  /** Null where nothing is to be done now. */
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
