import type { Redis } from 'ioredis';
import { jobFromName, jobName, type Keys } from '../keys.js';
import type { Capacities, Capacity } from '../permit/capacity.js';
import { callsLeft, etaMs } from '../permit/pace.js';
import type { Access } from '../redis/access.js';
import type { Queues } from '../redis/queues.js';
import { boundOfAccount } from './bound/account.js';
import type { AccountFacts, Bound } from './bound/facts.js';
import { boundOfJob } from './bound/job.js';
import { readAccountFacts } from './bound/read-account.js';
import { readJobFacts } from './bound/read-job.js';
import { refOf } from './description.js';
import type { JobRecord } from './records.js';
import { readStandstill, type Standstill } from './standstill.js';
import { createJobStore } from './store.js';

/** When a job will end, and what holds it back. */
export interface JobPace {
  /** Null unless the job is running, some worker lives, and the account is known. */
  readonly etaMs: number | null;
  /** What keeps it from going on, or from going faster. */
  readonly bound: Bound | null;
}

/** What a job that is not submitted yet has to wait for. */
export interface Ahead {
  readonly capacity: Capacity;
  /** How many calls each job in the ring will still make. */
  readonly others: readonly number[];
}

export interface JobMonitor {
  /** Null if nothing is known about the account. */
  ahead(host: string): Promise<Ahead | null>;
  /** Null if the job has ended. */
  paceOf(record: JobRecord): Promise<JobPace | null>;
  /** What keeps the account of an upstream from sending more. */
  boundOf(host: string): Promise<Bound | null>;
  /** The jobs that do not move, of all tenants. */
  standstill(): Promise<Standstill>;
}

interface Sources extends Access {
  readonly capacities: Capacities;
  readonly queues: Pick<Queues, 'place'>;
}

/** A client that polls many jobs must not make Redis count them all each time. */
const FRESH_MS = 1_000;
/** If there are more jobs, the others are assumed to be like these. */
const MOST_LOOKED_AT = 200;

/** How many calls each job in the ring will still make, by its name. */
type CallsLeft = ReadonlyMap<string, number>;

export function createJobMonitor(sources: Sources): JobMonitor {
  const { redis, keys } = sources;
  const factsAt = remembered((host) => readAccountFacts(host, sources));
  const ring = remembered(async (): Promise<CallsLeft> => {
    const names = await redis.srandmember(keys.ringMembers, MOST_LOOKED_AT);
    return new Map(await Promise.all(names.map(async (name) => [name, await leftOf(redis, keys, name)] as const)));
  });
  const etaOf = async ({ status, description, counts }: JobRecord, { capacity, workers }: AccountFacts) => {
    if (status !== 'running' || capacity === null || workers.live === 0) return null;
    const own = jobName(refOf(description));
    const others = [...(await ring('all'))].filter(([name]) => name !== own).map(([, calls]) => calls);
    return etaMs(callsLeft(counts), others, capacity);
  };
  /** Facts from before the job's pause do not show what has paused it, so they are read again. */
  const factsOf = async ({ status, movedAt, description }: JobRecord): Promise<AccountFacts> => {
    const facts = await factsAt(description.upstreamHost);
    const isOld = status === 'paused' && movedAt !== null && facts.now <= movedAt;
    return isOld ? factsAt(description.upstreamHost, 'again') : facts;
  };
  const paceOf = async (record: JobRecord): Promise<JobPace | null> => {
    if (record.finishedAt !== null) return null;
    const facts = await factsOf(record);
    const bound = boundOfJob(await readJobFacts(record, sources), facts);
    return { etaMs: await etaOf(record, facts), bound };
  };
  return {
    paceOf,
    standstill: () => readStandstill({ redis, keys, store: createJobStore(sources), paceOf }),
    async ahead(host) {
      const [{ capacity }, left] = await Promise.all([factsAt(host), ring('all')]);
      return capacity === null ? null : { capacity, others: [...left.values()] };
    },
    boundOf: async (host) => boundOfAccount(await factsAt(host)),
  };
}

/** Reads by name, and keeps the result while it is fresh. */
function remembered<T>(read: (name: string) => Promise<T>): (name: string, how?: 'again') => Promise<T> {
  const known = new Map<string, { at: number; value: Promise<T> }>();
  return (name, how) => {
    const last = known.get(name);
    if (how === undefined && last !== undefined && performance.now() - last.at < FRESH_MS) return last.value;
    const value = read(name);
    known.set(name, { at: performance.now(), value });
    value.catch(() => known.delete(name));
    return value;
  };
}

async function leftOf(redis: Redis, keys: Keys, name: string): Promise<number> {
  const counts = await redis.hmget(keys.job(jobFromName(name)), 'pending', 'total', 'done', 'planned');
  const [pending = 0, total = 0, done = 0, planned = 0] = counts.map((count) => Number(count ?? 0));
  return callsLeft({ pending, total, done, planned });
}
