import { TimelyRedis } from '@linkhaul/storage';
import { Redis } from 'ioredis';

const ANSWER_WITHIN_MS = 1_000;
const RECONNECT = { firstMs: 50, capMs: 500 };

/** Jittered, so that a fleet does not come back in one instant. */
function reconnectDelay(times: number): number {
  const delay = Math.min(RECONNECT.firstMs * 2 ** Math.min(times - 1, 10), RECONNECT.capMs);
  return delay * (0.75 + Math.random() / 2);
}

/**
 * A connection that answers or fails at once: nothing waits for a Redis that is away. A command that timed out may have
 * been executed all the same, which is why every script can be repeated.
 */
export function connectClient(url: string): Redis {
  const redis = new TimelyRedis(url, ANSWER_WITHIN_MS, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2000,
    retryStrategy: reconnectDelay,
  });
  return quiet(redis);
}

/** A connection that only listens. */
export function connectSubscriber(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 2000, retryStrategy: reconnectDelay }));
}

/** BullMQ's consumers block on their connection, without a time limit. */
export function connectConsumer(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelay }));
}

/** Resolves at the first connection, however long that takes. */
export async function whenReady(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await new Promise<void>((resolve) => redis.once('ready', resolve));
}

/** Host and port, or the socket's path. Never the URL, which may hold a password. */
export function addressOf({ options: { path, host = '', port } }: Redis): string {
  return path ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The last that was heard of a connection that is not there; null where nothing was. */
export function lastWords(redis: Redis): string | null {
  return words.get(redis) ?? null;
}

const words = new WeakMap<Redis, string>();

/**
 * Without a listener ioredis prints to the console; a command that fails says so itself. Why there is no connection is
 * said here alone: refused, or what Redis answers to the password.
 */
function quiet(redis: Redis): Redis {
  redis.on('error', (error: Error) => words.set(redis, wordsOf(error)));
  redis.on('ready', () => words.delete(redis));
  return redis;
}

/** Where a name has several addresses, the error of all of them has a code and no text. */
function wordsOf(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
