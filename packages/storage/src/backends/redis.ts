import type { Backend } from '../backend.js';
import type { RedisSettings } from './redis-address.js';
import { connectToRedis } from './redis-connection.js';
import { redisObjects } from './redis-objects.js';

const MARKER = 'installation';

/**
 * Bytes in the Redis that has the live state: enough for small lists, and nothing else to set up. The marker and the live
 * state are lost together, so the marker need not be checked before a step.
 */
export function redisBackend(settings: RedisSettings): Backend {
  const { redis, serving } = connectToRedis(settings);
  const objects = redisObjects(redis, settings.prefix);
  const owner = async () => (await objects.read(MARKER))?.toString('utf8') ?? null;

  return {
    put: (key, bytes) =>
      serving(async () => {
        await objects.write(key, bytes);
      }),
    create: (key, bytes) => serving(() => objects.write(key, bytes, 'NX')),
    get: (key) => serving(() => objects.read(key)),
    getRange: (key, range) => serving(() => objects.readRange(key, range)),
    list: (folder) => serving(() => objects.below(folder)),
    remove: (path) => serving(() => objects.remove(path)),
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
