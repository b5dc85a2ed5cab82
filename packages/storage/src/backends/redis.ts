import { StorageAway } from '../away.js';
import type { Backend } from '../backend.js';
import { TimelyRedis } from './redis-in-time.js';
import { redisObjects } from './redis-objects.js';

const MARKER = 'installation';
const ANSWER_WITHIN_MS = 5_000;

/**
 * Bytes in the same Redis as the live state: enough for small lists, and nothing else to set up. Marker and live state
 * are lost together, so that the marker is never looked at before a step.
 */
export function redisBackend(url: string, prefix: string): Backend {
  const redis = new TimelyRedis(url, ANSWER_WITHIN_MS, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    lazyConnect: true,
  });
  // Without a listener ioredis prints to the console; a command that fails says so itself.
  redis.on('error', () => undefined);
  // Commands that come while the first connection is made wait for it too; later ones fail at once when it is gone.
  let connected: Promise<void> | null = null;
  const ready = () => {
    if (redis.status === 'wait') connected = redis.connect();
    return redis.status === 'connecting' || redis.status === 'connect' ? connected : undefined;
  };
  /** Every step goes through here: whatever Redis refuses, storage is away. */
  const serving = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      await ready();
      return await step();
    } catch (error) {
      throw new StorageAway(`storage does not serve: ${saidBy(error)}`, { cause: error });
    }
  };
  const objects = redisObjects(redis, prefix);
  const owner = async () => (await objects.read(MARKER))?.toString('utf8') ?? null;

  return {
    put: (key, bytes) =>
      serving(async () => {
        await objects.write(key, bytes);
      }),
    create: (key, bytes) => serving(() => objects.write(key, bytes, 'NX')),
    get: (key) => serving(() => objects.read(key)),
    list: (folder) => serving(() => objects.below(folder)),
    remove: (folder) => serving(() => objects.removeBelow(folder)),
    owner: () => serving(owner),
    claim: (installation) =>
      serving(async () => {
        if (await objects.write(MARKER, Buffer.from(installation), 'NX')) await objects.complement();
        return (await owner()) ?? '';
      }),
    serve: () => undefined,
    verify: async () => undefined,
    check: () => serving(objects.tryWriting),
    async close() {
      redis.disconnect();
    },
  };
}

function saidBy(error: unknown): string {
  // Of a transaction that was discarded its commands say why.
  if (error instanceof Error && 'previousErrors' in error && Array.isArray(error.previousErrors)) {
    const [first = error.message]: unknown[] = error.previousErrors;
    return saidBy(first);
  }
  return error instanceof Error ? error.message : String(error);
}
