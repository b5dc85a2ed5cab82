import type { RedisSettings } from './redis-address.js';
import { connectToRedis } from './redis-connection.js';
import type { FirstWriters } from './s3/first-write.js';

/** Longer than a process can stand still and then go on. After that, the traces of a writer that died are removed. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FIRST = 'first';

/** Forgets a key when its last writer leaves. */
const LEAVE = `
redis.call('HDEL', KEYS[1], ARGV[1])
local left = redis.call('HKEYS', KEYS[1])
if #left == 1 and left[1] == '${FIRST}' then redis.call('DEL', KEYS[1]) end`;

/** A hash for each key that is being written, with its writers and the first of them. */
export function redisFirstWriters(settings: RedisSettings): FirstWriters {
  const { redis, serving } = connectToRedis(settings);
  const hashOf = (key: string) => `${settings.prefix}:storage-first:${key}`;
  return {
    enter: (key, writer) =>
      serving(async () => {
        await redis.multi().hset(hashOf(key), writer, '').pexpire(hashOf(key), KEPT_MS).exec();
      }),
    first: (key, writer) =>
      serving(async () => {
        await redis.hsetnx(hashOf(key), FIRST, writer);
        return (await redis.hget(hashOf(key), FIRST)) ?? writer;
      }),
    leave: (key, writer) =>
      serving(async () => {
        await redis.eval(LEAVE, 1, hashOf(key), writer);
      }),
    async close() {
      redis.disconnect();
    },
  };
}
