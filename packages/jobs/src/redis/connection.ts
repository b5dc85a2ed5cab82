import { optionsFor, primaryOf, type RedisAddress, type RedisSettings, TimelyRedis } from '@linkhaul/storage';
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
export function connectClient(settings: RedisSettings): Redis {
  const redis = new TimelyRedis(settings, ANSWER_WITHIN_MS, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2000,
    retryStrategy: reconnectDelay,
  });
  return tracked(redis, settings);
}

/** A connection that only listens. */
export function connectSubscriber(settings: RedisSettings): Redis {
  const options = { maxRetriesPerRequest: null, connectTimeout: 2000, retryStrategy: reconnectDelay };
  return tracked(new Redis(...optionsFor(settings, options)), settings);
}

/** BullMQ's consumers block on their connection, without a time limit. */
export function connectConsumer(settings: RedisSettings): Redis {
  const options = { maxRetriesPerRequest: null, retryStrategy: reconnectDelay };
  return tracked(new Redis(...optionsFor(settings, options)), settings);
}

/** Resolves at the first connection, however long that takes. */
export async function whenReady(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await new Promise<void>((resolve) => redis.once('ready', resolve));
}

/**
 * Host and port, or the socket's path. With several servers, the primary, or while it is not known the nodes that can
 * name it. Never the URL, which may hold a password.
 */
export function addressOf(redis: Redis): string {
  const settings = settingsOf.get(redis);
  if (settings !== undefined && settings.address.kind !== 'server') {
    return primaryOf(settings.address, settings.prefix).words();
  }
  const { path, host = '', port } = redis.options;
  return path ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether Redis is one server, or the primary of several; and after how long sentinels choose another. */
export function groupOf(redis: Redis): { kind: RedisAddress['kind']; downAfterMs: number | null } {
  const settings = settingsOf.get(redis);
  if (settings === undefined || settings.address.kind === 'server') return { kind: 'server', downAfterMs: null };
  const { address, prefix } = settings;
  return { kind: address.kind, downAfterMs: primaryOf(address, prefix).downAfterMs() };
}

/** The last error of a connection that is down. Null if there was none. */
export function lastWords(redis: Redis): string | null {
  return lastErrors.get(redis) ?? null;
}

const lastErrors = new WeakMap<Redis, string>();
const settingsOf = new WeakMap<Redis, RedisSettings>();

/**
 * Without a listener ioredis prints errors to the console. A command that fails reports its error itself; only this
 * listener learns why there is no connection: it was refused, or Redis did not accept the password.
 */
function tracked(redis: Redis, settings: RedisSettings): Redis {
  settingsOf.set(redis, settings);
  redis.on('error', (error: Error) => lastErrors.set(redis, wordsOf(error)));
  redis.on('ready', () => lastErrors.delete(redis));
  return redis;
}

/** If a name has several addresses, their common error has a code and no text. */
function wordsOf(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
