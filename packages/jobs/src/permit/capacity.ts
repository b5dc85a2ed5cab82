import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.js';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { redisNow } from '../redis/time.js';
import { isOutageReason, type OutageReason } from './outage.js';
import type { AccountLimits } from './permits.js';
import { sendInterval } from './send-interval.js';
import { readWorkers } from './workers.js';

/** What an account may do at an upstream, and is doing now, over all workers. */
export interface Capacity {
  readonly maxPerMinute: number;
  readonly maxInFlight: number;
  /** Fewer than the limit while someone else uses the login too; one during an outage. */
  readonly slots: number;
  readonly inFlight: number;
  readonly sentLastMinute: number;
  /** True if workers wait in the queue for a slot. */
  readonly slotsBind: boolean;
  /** True if the next send time is in the future. */
  readonly rateBinds: boolean;
  /** `forMs`: by Redis' clock, as is `untilMs`. */
  readonly wait: { readonly untilMs: number; readonly forMs: number; readonly why: string } | null;
  /** What keeps its jobs paused, and when the next probe is. During an outage there is one slot. */
  readonly outage: { readonly reason: OutageReason; readonly probeAt: number } | null;
  /** How many of the requests in flight are unknown calls, for whose answer no worker waits. */
  readonly inDoubt: number;
  /** The average over recent answers. Null before the first. */
  readonly latencyMs: number | null;
  readonly workers: number;
  /** How many calls all workers together take at once. */
  readonly places: number;
  /** Jobs that have calls to send. */
  readonly jobs: number;
}

export interface Capacities {
  /** Stores what a worker knows about its account. Repeated while the worker lives. */
  announce(host: string, account: string, limits: AccountLimits): Promise<void>;
  /** Null if no worker has ever announced that upstream. */
  read(host: string): Promise<Capacity | null>;
}

const { BURST_MS, REGROW_MS, SENT_BUCKET_MS, SENT_BUCKETS } = CONSTANTS;

const announced = z.object({ account: z.string(), per_minute: z.coerce.number(), in_flight: z.coerce.number() });

export function createCapacities({ redis, keys }: Access): Capacities {
  return {
    async announce(host, account, { maxPerMinute, maxInFlight }) {
      await redis.hset(keys.upstream(host), { account, per_minute: maxPerMinute, in_flight: maxInFlight });
    },
    async read(host) {
      const known = announced.safeParse(await redis.hgetall(keys.upstream(host)));
      if (!known.success) return null;
      const { account, per_minute: maxPerMinute, in_flight: maxInFlight } = known.data;
      const nowMs = await redisNow(redis);
      const [permit, leases, waiting, waitMs, why, outage, sent, workers, jobs] = await Promise.all([
        redis.hmget(keys.permit(account), 'tat', 'cut', 'cut_at', 'opened', 'latency_ms'),
        redis.zrangebyscore(keys.leases(account), nowMs * 1000, '+inf'),
        redis.zcard(keys.waiting(account)),
        redis.pttl(keys.accountWait(account)),
        redis.get(keys.accountWait(account)),
        redis.hmget(keys.outage(account), 'reason', 'due_at'),
        redis.hmget(keys.sent(account), ...bucketsOf(nowMs)),
        readWorkers(redis, keys, nowMs),
        redis.scard(keys.ringMembers),
      ]);
      const [tat = 0, cut = 0, cutAt = 0, opened = 0] = permit.map(Number);
      const latency = permit[4];
      const regrown = Math.floor((nowMs - cutAt / 1000) / REGROW_MS);
      const interval = sendInterval(maxPerMinute) * 1000;
      return {
        maxPerMinute,
        maxInFlight,
        slots: opened > 0 ? 1 : Math.max(1, maxInFlight - Math.max(0, cut - regrown)),
        inFlight: leases.filter((lease) => !lease.startsWith('baton:')).length,
        sentLastMinute: sent.reduce((sum, count) => sum + Number(count ?? 0), 0),
        slotsBind: waiting > 0,
        rateBinds: tat - BURST_MS * 1000 - interval > nowMs * 1000,
        wait: waitMs > 0 ? { untilMs: nowMs + waitMs, forMs: waitMs, why: why ?? '' } : null,
        outage: outageFrom(outage),
        inDoubt: await inDoubt(redis, keys, leases),
        latencyMs: latency == null ? null : Number(latency),
        workers: workers.live,
        places: workers.places,
        jobs,
      };
    },
  };
}

function outageFrom([reason = null, dueAt]: (string | null)[]): Capacity['outage'] {
  return isOutageReason(reason) ? { reason, probeAt: Number(dueAt ?? 0) } : null;
}

/** The lease of a call is named `<tenant>/<id>/<call>.<attempt>`. */
async function inDoubt(redis: Redis, keys: Keys, leases: readonly string[]): Promise<number> {
  const calls = leases.flatMap((lease) => /^(.+\/\d+)\.\d+$/.exec(lease)?.[1] ?? []);
  if (calls.length === 0) return 0;
  const due = await redis.zmscore(keys.unknown, ...calls);
  return due.filter((score) => score !== null).length;
}

function bucketsOf(nowMs: number): string[] {
  const last = Math.floor(nowMs / SENT_BUCKET_MS);
  return Array.from({ length: SENT_BUCKETS }, (_, back) => String(last - back));
}
