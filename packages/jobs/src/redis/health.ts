import type { Redis } from 'ioredis';
import { addressOf, groupOf, lastWords } from './connection.js';

/** Above this share of its memory nothing is sent: an answer that Redis has no room to settle must not be bought. */
export const FULL_REDIS = 0.8;

/** What Redis says of its memory, from `INFO memory`. */
export interface RedisMemory {
  /** What Redis does when it is full. Null if it does not say. */
  readonly policy: string | null;
  /** The share of its memory that is used, from 0 to 1. 0 if it has no limit. */
  readonly share: number;
}

export function parseMemory(info: string): RedisMemory {
  const most = Number(fieldOf(info, 'maxmemory') ?? 0);
  return {
    policy: fieldOf(info, 'maxmemory_policy') ?? null,
    share: most > 0 ? Number(fieldOf(info, 'used_memory') ?? 0) / most : 0,
  };
}

export async function readMemory(redis: Redis): Promise<RedisMemory> {
  return parseMemory(await redis.info('memory'));
}

/** Says why Redis cannot be used, with its address and its own words. */
export class RedisTrouble extends Error {
  /** True if Redis does not answer. False if it answers, but could lose or refuse data. */
  readonly away: boolean;

  constructor(redis: Redis, words: string, { away, cause }: { away: boolean; cause?: unknown }) {
    super(`Redis at ${addressOf(redis)}: ${words}`, { cause });
    this.name = 'RedisTrouble';
    this.away = away;
  }
}

/**
 * Rejects with a `RedisTrouble` if Redis does not answer, refuses writes (read-only, out of memory, a full disk), or
 * could lose data. Its test write changes nothing: it writes a key only if it exists, and it does not.
 */
export async function checkRedis(redis: Redis, unusedKey: string): Promise<RedisMemory> {
  if (redis.status !== 'ready') throw new RedisTrouble(redis, lastWords(redis) ?? 'no answer yet', { away: true });
  const { kind, downAfterMs } = groupOf(redis);
  const [info, refusal, tooLong] = await Promise.all([
    redis.info('server', 'memory', 'replication', 'cluster'),
    redis.set(unusedKey, '', 'XX').then(() => null, refusalOf),
    downAfterMs === null ? null : lagBeyond(redis, downAfterMs),
  ]).catch((error: unknown) => fail(redis, error));
  const problems = [refusal, brokenRule(info, kind), tooLong].filter((problem) => problem !== null);
  if (problems.length > 0) throw new RedisTrouble(redis, problems.join(' '), { away: false });
  return parseMemory(info);
}

/** Like `checkRedis`, and also rejects if Redis has too little memory left to settle calls. */
export async function checkRoom(redis: Redis, unusedKey: string): Promise<void> {
  const { share } = await checkRedis(redis, unusedKey);
  if (share <= FULL_REDIS) return;
  const words = `${Math.floor(share * 100)} % of its maxmemory is used, and above ${FULL_REDIS * 100} % no calls are sent`;
  throw new RedisTrouble(redis, words, { away: false });
}

/** The message with which Redis refuses a command. Rethrows if the command was not answered. */
function refusalOf(error: unknown): string {
  if (error instanceof Error && error.name === 'ReplyError') return error.message;
  throw error;
}

function fail(redis: Redis, cause: unknown): never {
  const away = !(cause instanceof Error && cause.name === 'ReplyError');
  throw new RedisTrouble(redis, cause instanceof Error ? cause.message : String(cause), { away, cause });
}

/** A setting with which Redis can lose data, such as `maxmemory_policy:allkeys-lru`, and what to do about it. */
function brokenRule(info: string, kind: ReturnType<typeof groupOf>['kind']): string | null {
  if (fieldOf(info, 'redis_mode') === 'sentinel') {
    return 'redis_mode:sentinel (a sentinel holds no data: name it as redis+sentinel://host:port/name)';
  }
  if (kind !== 'cluster' && fieldOf(info, 'cluster_enabled') === '1') {
    return 'cluster_enabled:1 (a node of a cluster holds a part of the keys only: name it as redis+cluster://host:port)';
  }
  if (fieldOf(info, 'role') === 'slave') {
    const master = `${fieldOf(info, 'master_host')}:${fieldOf(info, 'master_port')}`;
    return `role:slave (a replica takes no writes: name its master, ${master})`;
  }
  // Redis shows this field only where min-replicas-to-write is set.
  if (kind !== 'server' && fieldOf(info, 'min_slaves_good_slaves') === undefined) {
    return 'min-replicas-to-write:0 (a primary that is cut off would keep taking writes: set it to 1 on each server)';
  }
  const { policy } = parseMemory(info);
  if (policy === null || policy === 'noeviction') return null;
  return `maxmemory_policy:${policy} (it evicts keys when it is full: set maxmemory-policy to noeviction)`;
}

/**
 * A primary that is cut off must refuse writes before another is chosen, or both grant permits. Null also if Redis does
 * not show its settings.
 */
async function lagBeyond(redis: Redis, downAfterMs: number): Promise<string | null> {
  const reply: unknown = await redis.config('GET', 'min-replicas-max-lag').catch(() => null);
  const lag = Array.isArray(reply) ? Number(reply[1]) : 0;
  if (lag * 1000 < downAfterMs) return null;
  return `min-replicas-max-lag:${lag} (in seconds: the sentinels choose another primary after ${downAfterMs} ms, and this one must refuse writes before that: set it lower)`;
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
}
