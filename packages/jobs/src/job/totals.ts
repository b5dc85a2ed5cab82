import { ENDPOINTS, type EndpointName, isOutageReason, type OutageReason } from '@linkhaul/schemas';
import { createWorkerReports } from '../permit/worker-reports.js';
import { type LiveWorkers, readWorkers } from '../permit/workers.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';

/** How much there is of everything that is under way, over all tenants and processes. */
export interface Totals {
  /** Jobs that are not closed. */
  readonly jobs: number;
  readonly calls: {
    /** Dispatched, and not sent yet. */
    readonly waiting: number;
    readonly sending: number;
    /** Put off until their time has come. */
    readonly delayed: number;
    readonly unknown: number;
  };
  /** Events whose delivery nobody has seen to. */
  readonly events: number;
  readonly pendingDeliveries: number;
  /** Why the jobs of the upstream's account are paused; null where they are not. */
  readonly outage: OutageReason | null;
  readonly workers: LiveWorkers;
  /** The last look-up of the upstream's record has failed, and calls wait for one. */
  readonly lookUpsFail: boolean;
  /** A worker says that it cannot store, and sends nothing. */
  readonly storageIsAway: boolean;
  /** How many tenants have met answers of an endpoint that cannot be read, in a row, until one was read. */
  readonly unreadable: ReadonlyMap<EndpointName, number>;
}

export interface TotalsReader {
  read(host: string): Promise<Totals>;
}

export function createTotals(access: Access): TotalsReader {
  return { read: (host) => readTotals(access, host) };
}

/** Counts that Redis keeps anyway: as cheap with a million calls as with none. */
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
    // A call keeps its place in the window while it is sent.
    calls: { waiting: Math.max(0, window - sending), sending, delayed, unknown },
    events,
    pendingDeliveries,
    outage: isOutageReason(outage) ? outage : null,
    unreadable: new Map(unreadable),
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
