import { TimelyRedis } from '@linkhaul/storage';
import { Redis } from 'ioredis';

const ANSWER_WITHIN_MS = 1_000;
const RECONNECT = { firstMs: 50, capMs: 500 };

/** Jittered, so that many processes do not reconnect in the same instant. */
function reconnectDelay(times: number): number {
  const delay = Math.min(RECONNECT.firstMs * 2 ** Math.min(times - 1, 10), RECONNECT.capMs);
  return delay * (0.75 + Math.random() / 2);
}

/**
 * A connection on which commands answer or fail at once: none waits while Redis is away. A command that timed out may
 * still have been executed, which is why every script can be repeated.
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

/** The last error of a connection that is down. Null if there was none. */
export function lastWords(redis: Redis): string | null {
  return words.get(redis) ?? null;
}

const words = new WeakMap<Redis, string>();

/**
 * Without a listener ioredis prints to the console. A command that fails reports that itself. Only here we learn why
 * there is no connection: it was refused, or Redis did not accept the password.
 */
function quiet(redis: Redis): Redis {
  redis.on('error', (error: Error) => words.set(redis, wordsOf(error)));
  redis.on('ready', () => words.delete(redis));
  return redis;
}

/** If a name has several addresses, their common error has a code and no text. */
function wordsOf(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
