import type { Redis } from 'ioredis';

const FIELDS_AT_ONCE = 1_000;

/**
 * Reads a hash that may have a million fields, without holding up other clients as HGETALL would. Fields that are added
 * or changed meanwhile may be in it or not.
 */
export async function scanHash(redis: Redis, key: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let cursor = '0';
  do {
    const [next, pairs] = await redis.hscan(key, cursor, 'COUNT', FIELDS_AT_ONCE);
    for (let at = 0; at < pairs.length; at += 2) found.set(pairs[at] ?? '', pairs[at + 1] ?? '');
    cursor = next;
  } while (cursor !== '0');
  return found;
}
