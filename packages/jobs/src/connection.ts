import { Redis } from 'ioredis';

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
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 1000,
    connectTimeout: 2000,
    retryStrategy: reconnectDelay,
  });
  return quiet(redis);
}

/** A connection that only listens. */
export function connectSubscriber(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 2000, retryStrategy: reconnectDelay }));
}

/** BullMQ's consumers block on their connection and wait for ever. */
export function connectConsumer(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelay }));
}

/** Resolves at the first connection; rejects when the server cannot be reached at all. */
export async function whenReady(redis: Redis, timeoutMs = 10_000): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Redis cannot be reached')), timeoutMs);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Without a listener ioredis prints to the console; a command that fails says so itself. */
function quiet(redis: Redis): Redis {
  redis.on('error', () => undefined);
  return redis;
}
