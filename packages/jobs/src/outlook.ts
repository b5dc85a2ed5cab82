import type { Job } from '@linkhaul/schemas';
import type { Redis } from 'ioredis';
import type { Capacities, Capacity } from './capacity.js';
import { jobFromName, jobName, type Keys } from './keys.js';
import { boundBy, callsLeft, etaMs } from './planning/pace.js';
import { type JobRecord, refOf } from './records.js';

/** How a running job will go on. */
export interface Outlook {
  readonly etaMs: number;
  readonly boundBy: Job['bound_by'];
}

/** An account before a job stands in its line. */
export interface Ahead {
  readonly capacity: Capacity;
  /** Calls that each job that is in line will still make. */
  readonly others: readonly number[];
}

export interface Outlooks {
  /** Null where nothing is known of the account. */
  ahead(host: string): Promise<Ahead | null>;
  /** Null for a job that does not run, and where nothing is known of its account. */
  of(record: JobRecord): Promise<Outlook | null>;
}

/** Who polls many jobs must not make Redis count them all each time. */
const FRESH_MS = 1_000;
/** Of more jobs than these the rest are taken to be like them. */
const MOST_LOOKED_AT = 200;

interface Account {
  readonly capacity: Capacity | null;
  /** Calls that each job in the ring will still make, by its name. */
  readonly left: ReadonlyMap<string, number>;
}

export function createOutlooks(redis: Redis, keys: Keys, capacities: Capacities): Outlooks {
  const known = new Map<string, { at: number; account: Promise<Account> }>();
  const look = async (host: string): Promise<Account> => {
    const names = await redis.srandmember(keys.ringMembers, MOST_LOOKED_AT);
    const left = await Promise.all(names.map(async (name) => [name, await leftOf(redis, keys, name)] as const));
    return { capacity: await capacities.read(host), left: new Map(left) };
  };
  const accountAt = (host: string): Promise<Account> => {
    const last = known.get(host);
    if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.account;
    const account = look(host);
    known.set(host, { at: performance.now(), account });
    account.catch(() => known.delete(host));
    return account;
  };
  return {
    async ahead(host) {
      const { capacity, left } = await accountAt(host);
      return capacity === null ? null : { capacity, others: [...left.values()] };
    },
    async of(record) {
      if (record.status !== 'running') return null;
      const { capacity, left } = await accountAt(record.description.upstreamHost);
      if (capacity === null) return null;
      const own = jobName(refOf(record.description));
      const others = [...left].filter(([name]) => name !== own).map(([, calls]) => calls);
      const bound = record.short ? 'budget' : boundBy(capacity);
      return { etaMs: etaMs(callsLeft(record.counts), others, capacity), boundBy: bound };
    },
  };
}

async function leftOf(redis: Redis, keys: Keys, name: string): Promise<number> {
  const counts = await redis.hmget(keys.job(jobFromName(name)), 'pending', 'total', 'done', 'planned');
  const [pending = 0, total = 0, done = 0, planned = 0] = counts.map((count) => Number(count ?? 0));
  return callsLeft({ pending, total, done, planned });
}
