import { Redis } from 'ioredis';
import type { Backend } from '../backend.js';

const SCAN_COUNT = 1000;

/** Bytes in the same Redis as the live state: enough for small lists, and nothing else to set up. */
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
  const keyOf = (key: string) => `${prefix}:storage:${key}`;

  const keysBelow = async (folder: string): Promise<string[]> => {
    await ready();
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

  return {
    async put(key, bytes) {
      await ready();
      await redis.set(keyOf(key), Buffer.from(bytes));
    },
    async create(key, bytes) {
      await ready();
      return (await redis.set(keyOf(key), Buffer.from(bytes), 'NX')) === 'OK';
    },
    async get(key) {
      await ready();
      return redis.getBuffer(keyOf(key));
    },
    async list(folder) {
      const start = keyOf('').length;
      return (await keysBelow(folder)).map((key) => key.slice(start));
    },
    async remove(folder) {
      const keys = await keysBelow(folder);
      for (let at = 0; at < keys.length; at += SCAN_COUNT) await redis.unlink(...keys.slice(at, at + SCAN_COUNT));
    },
    async check() {
      await ready();
      await redis.ping();
    },
    async close() {
      redis.disconnect();
    },
  };
}
