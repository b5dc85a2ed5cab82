import { ENDPOINTS, type EndpointName, isOutageReason, type OutageReason } from '@linkhaul/schemas';
import { createWorkerReports } from '../permit/worker-reports.js';
import { type LiveWorkers, readWorkers } from '../permit/workers.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { readWatchTotals, type WatchTotals } from '../watch/watch-totals.js';

/** How much is in progress, over all tenants and processes. */
export interface Totals {
  /** Jobs that are not closed. */
  readonly jobs: number;
  readonly calls: {
    /** Dispatched, but not sent yet. */
    readonly waiting: number;
    readonly sending: number;
    /** Delayed until a given time. */
    readonly delayed: number;
    readonly unknown: number;
  };
  /** Events whose deliveries are still to be made. */
  readonly events: number;
  readonly pendingDeliveries: number;
  /** Why the jobs of the upstream's account are paused. Null if they are not. */
  readonly outage: OutageReason | null;
  readonly workers: LiveWorkers;
  /** The last look-up of the upstream's record failed, and calls wait for one. */
  readonly lookUpsFail: boolean;
  /** A worker reports that it cannot store, and sends nothing. */
  readonly storageIsAway: boolean;
  /** How many tenants get answers of an endpoint that cannot be read, several in a row and none readable since. */
  readonly unreadable: ReadonlyMap<EndpointName, number>;
  readonly watches: WatchTotals;
}

export interface TotalsReader {
  read(host: string): Promise<Totals>;
}

export function createTotals(access: Access): TotalsReader {
  return { read: (host) => readTotals(access, host) };
}

/** Reads counts that Redis keeps anyway, so it costs the same with a million calls as with none. */
async function readTotals(access: Access, host: string): Promise<Totals> {
  const { redis, keys } = access;
  const account = await redis.hget(keys.upstream(host), 'account');
  const [jobs, window, sending, delayed, unknown, events, pendingDeliveries, outage, unreadable] = await Promise.all([
    redis.scard(keys.active),
    redis.zcard(keys.window),
    redis.zcard(keys.sending),
    redis.zcard(keys.later),
    redis.zcard(keys.unknown),
    redis.zcard(keys.outbox),
    redis.zcard(keys.pendingDeliveries),
    account === null ? null : redis.hget(keys.outage(account), 'reason'),
    readUnreadable(access, host),
  ]);
  return {
    jobs,
    // A call keeps its place in the window while it is being sent.
    calls: { waiting: Math.max(0, window - sending), sending, delayed, unknown },
    events,
    pendingDeliveries,
    outage: isOutageReason(outage) ? outage : null,
    unreadable: new Map(unreadable),
    watches: await readWatchTotals(access),
    ...(await readTroubles(access, { account, unknown })),
  };
}

async function readTroubles(access: Access, { account, unknown }: { account: string | null; unknown: number }) {
  const { redis, keys } = access;
  const workerReports = createWorkerReports(access);
  const [workers, failed, away] = await Promise.all([
    redisNow(redis).then((now) => readWorkers(redis, keys, now)),
    account === null ? null : workerReports.failedLookUp(account),
    workerReports.awayStorage(),
  ]);
  return { workers, lookUpsFail: failed !== null && unknown > 0, storageIsAway: away !== null };
}

const names = Object.keys(ENDPOINTS) as EndpointName[];

function readUnreadable({ redis, keys }: Access, host: string): Promise<[EndpointName, number][]> {
  return Promise.all(
    names.map(async (endpoint) => {
      const fields = await redis.hkeys(keys.unreadable(host, endpoint));
      return [endpoint, fields.filter((field) => field.startsWith('since:')).length];
    }),
  );
}
