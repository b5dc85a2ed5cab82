import type { JobRef, PlannedRun } from '@linkhaul/storage';
import { z } from 'zod';
import { type CallRef, callFromName, callName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { bitmap, hasBit } from '../redis/bitmap.js';
import { scanHash } from '../redis/scan-hash.js';
import { redisNow } from '../redis/time.js';
import { runBases } from './call-snapshot.js';

/** An unsettled call in the ledger. */
export interface LiveCall {
  readonly state: 'planned' | 'sending' | 'unknown';
  readonly attempt: number;
  readonly failures: number;
  /** Attempts that were paid for and whose answers were lost. */
  readonly losses: number;
  /** Earlier attempts whose worker died while it waited for the answer. */
  readonly deaths: number;
  /** True if the call is unknown because its worker died. */
  readonly orphan: boolean;
  readonly sentAt: number;
  /** Nonce of the request whose answer it waits for; null if an earlier version sent it. */
  readonly nonce: string | null;
}

/** Which calls of a job are settled and which are open, at one moment. */
export interface SettledCalls {
  /** No call above this one is settled. */
  readonly highest: number;
  isSettled(call: number): boolean;
  /** Dispatched or waiting, but not settled. */
  isLive(call: number): boolean;
  /** Settled without results. */
  isFailed(call: number): boolean;
  /** Whether a later run processes its failed and skipped rows again. A later call then decides their outcome. */
  isRetried(call: number): boolean;
  /** Whether its stored answer is known to be broken. It is never read again, even if the file is repaired. */
  isDamaged(call: number): boolean;
  /** Whether its answer created another call. False for calls that earlier versions of Linkhaul settled. */
  isContinued(call: number): boolean;
  /** Whether a retry had taken up some of its rows before its answer was found damaged. */
  isPartlyRetried(call: number): boolean;
  /** Whether a call of this root was split. */
  isSplit(root: number): boolean;
  /** The attempt whose answer counts. */
  attempt(call: number): number;
}

/**
 * Reads the ledger of calls; `lookAgainAt` is its only write. All times are ms on Redis' clock, because a worker's clock
 * may be wrong by minutes.
 */
export interface CallReader {
  now(): Promise<number>;
  live(ref: CallRef): Promise<LiveCall | null>;
  /** `later`: the runs after the first that the caller knows. Calls of runs after those are not seen. */
  settled(job: JobRef, later?: readonly PlannedRun[]): Promise<SettledCalls>;
  settledAttempt(ref: CallRef): Promise<number>;
  /** Unknown calls whose look-up is due by a time, the longest due first, up to a limit. */
  dueUnknown(by: number): Promise<CallRef[]>;
  /** Calls that were sent before a time and are still `sending`, the oldest first, up to a limit. */
  sentBefore(time: number): Promise<CallRef[]>;
  lookAgainAt(ref: CallRef, time: number): Promise<void>;
}

const BATCH = 200;

const numbers = z.array(z.coerce.number()).transform((calls) => new Set(calls));

const snapshot = z
  .tuple([bitmap, bitmap, numbers, numbers, runBases, bitmap, bitmap, numbers], bitmap)
  .transform(([stored, failed, live, split, bases, damaged, continued, partly, ...retried]) => {
    return { stored, failed, live, split, bases, damaged, continued, partly, retried };
  });

export function createCallReader({ redis, keys }: Access): CallReader {
  return {
    now: () => redisNow(redis),
    async live(ref) {
      const [state, orphan, nonce, ...counts] = await redis.hmget(
        keys.call(ref.job, ref.call),
        'state',
        'orphan',
        'nonce',
        'attempt',
        'failures',
        'losses',
        'deaths',
        'sent_at',
      );
      if (state !== 'planned' && state !== 'sending' && state !== 'unknown') return null;
      const [attempt = 0, failures = 0, losses = 0, deaths = 0, sentAt = 0] = counts.map((count) => Number(count ?? 0));
      return { state, attempt, failures, losses, deaths, orphan: orphan === '1', sentAt, nonce: nonce || null };
    },
    async settled(job, later = []) {
      // All in one transaction: a call that settles between two reads would be missing from both.
      const reading = redis
        .multi()
        .getBuffer(keys.stored(job))
        .getBuffer(keys.failed(job))
        .smembers(keys.live(job))
        .hkeys(keys.splits(job))
        .hget(keys.job(job), 'bases')
        .getBuffer(keys.damaged(job))
        .getBuffer(keys.continued(job))
        .smembers(keys.partlyRetried(job));
      for (const { run } of later) reading.getBuffer(keys.retried(job, run));
      const seen = snapshot.parse((await reading.exec())?.map(([, reply]) => reply));
      const { stored, failed, live, split, damaged, continued, partly, retried } = seen;
      // Read after the transaction: the attempt that settled a call never changes.
      const attempts = await scanHash(redis, keys.attempts(job));
      const end = seen.bases[later.length] ?? Number.POSITIVE_INFINITY;
      return {
        highest: Math.min(end, Math.max(stored.length, failed.length) * 8),
        isLive: (call) => live.has(call),
        isSplit: (root) => split.has(root),
        isSettled: (call) => call <= end && (hasBit(stored, call) || hasBit(failed, call)),
        isFailed: (call) => hasBit(failed, call),
        isDamaged: (call) => hasBit(damaged, call),
        isContinued: (call) => hasBit(continued, call),
        isRetried: (call) => retried.some((bits) => hasBit(bits, call)),
        isPartlyRetried: (call) => partly.has(call),
        attempt: (call) => Number(attempts.get(String(call)) ?? 1),
      };
    },
    async settledAttempt({ job, call }) {
      return Number((await redis.hget(keys.attempts(job), String(call))) ?? 1);
    },
    async dueUnknown(by) {
      return (await redis.zrangebyscore(keys.unknown, 0, by, 'LIMIT', 0, BATCH)).map(callFromName);
    },
    async sentBefore(time) {
      return (await redis.zrangebyscore(keys.sending, 0, time, 'LIMIT', 0, BATCH)).map(callFromName);
    },
    async lookAgainAt(ref, time) {
      await redis.zadd(keys.unknown, 'XX', time, callName(ref));
    },
  };
}
