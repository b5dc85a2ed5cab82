import { Redis } from 'ioredis';
import { StorageAway } from '../away.js';
import type { Backend } from '../backend.js';

const SCAN_COUNT = 1000;
const MARKER = 'installation';

/**
 * Bytes in the same Redis as the live state: enough for small lists, and nothing else to set up. Marker and live state
 * are lost together, so that the marker is never looked at before a step.
 */
export function redisBackend(url: string, prefix: string): Backend {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 5000,
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
  const keyOf = (key: string) => `${prefix}:storage:${key}`;

  const keysBelow = async (folder: string): Promise<string[]> => {
    const pattern = `${keyOf(folder).replace(/[\\*?[\]]/g, '\\$&')}/*`;
    const keys = new Set<string>();
    let cursor = '0';
    do {
      const [next, batch] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT);
      for (const key of batch) keys.add(key);
      cursor = next;
    } while (cursor !== '0');
    return [...keys];
  };
  const create = async (key: string, bytes: Uint8Array): Promise<boolean> =>
    (await redis.set(keyOf(key), Buffer.from(bytes), 'NX')) === 'OK';

  return {
    put: (key, bytes) =>
      serving(async () => {
        await redis.set(keyOf(key), Buffer.from(bytes));
      }),
    create: (key, bytes) => serving(() => create(key, bytes)),
    get: (key) => serving(() => redis.getBuffer(keyOf(key))),
    list: (folder) =>
      serving(async () => {
        const start = keyOf('').length;
        return (await keysBelow(folder)).map((key) => key.slice(start));
      }),
    remove: (folder) =>
      serving(async () => {
        const keys = await keysBelow(folder);
        for (let at = 0; at < keys.length; at += SCAN_COUNT) await redis.unlink(...keys.slice(at, at + SCAN_COUNT));
      }),
    owner: () => serving(() => redis.get(keyOf(MARKER))),
    claim: (installation) =>
      serving(async () => {
        await create(MARKER, Buffer.from(installation));
        return (await redis.get(keyOf(MARKER))) ?? '';
      }),
    serve: () => undefined,
    verify: async () => undefined,
    check: () =>
      serving(async () => {
        // Refused as any write is, and changes nothing: only if it is there, which it never is.
        await redis.set(keyOf('check'), '', 'XX');
      }),
    async close() {
      redis.disconnect();
    },
  };
}

function saidBy(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
