import type { Redis } from 'ioredis';
import { CALL_FIELDS, JOB_FIELDS } from '../../src/redis/fields.js';
import { KEYS, type KeyName, type KeyRow, OTHERS } from '../../src/redis/schema.js';

/** What a name in braces may be; hosts have ports, and tags any characters. */
const PARTS: Readonly<Record<string, string>> = { job: '[^/:]+/[^/:]+', host: '.+', tag: '.+' };

const ROWS = Object.entries(KEYS).map(([name, row]) => {
  const pattern = row.key.replaceAll(/\{(\w+)\}/g, (_, part: string) => PARTS[part] ?? '[^:]*');
  return { name: name as KeyName, row: row as KeyRow, pattern: new RegExp(`^${pattern}$`) };
});

const FIELDS: { readonly [N in KeyName]?: object } = { job: JOB_FIELDS, call: CALL_FIELDS };

/** What is in Redis under a prefix and not as the tables say. */
export async function strangers(redis: Redis, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 })) {
    found.push(
      ...(await Promise.all(keys.map((key: string) => judge(redis, key, key.slice(prefix.length + 1))))).flat(),
    );
  }
  return found;
}

async function judge(redis: Redis, key: string, name: string): Promise<string[]> {
  if (Object.values(OTHERS).some((beginning) => name.startsWith(beginning))) return [];
  const [type, ttl] = await Promise.all([redis.type(key), redis.pttl(key)]);
  // It was deleted, or has expired, since it was found.
  if (type === 'none' || ttl === -2) return [];
  const match = ROWS.find(({ pattern }) => pattern.test(name));
  if (match === undefined) return [`${name}: no row`];
  const { type: said, kept } = match.row;
  const wrong: string[] = [];
  if (type !== (said === 'bitmap' ? 'string' : said)) wrong.push(`${name}: a ${type}, not a ${said}`);
  if (kept.expires === 'always' && ttl < 0) wrong.push(`${name}: has no time to live`);
  if (kept.expires === 'never' && ttl >= 0) wrong.push(`${name}: has a time to live`);
  const fields = FIELDS[match.name];
  const unknown = fields === undefined ? [] : (await redis.hkeys(key)).filter((field) => !(field in fields));
  return [...wrong, ...unknown.map((field) => `${name}: field ${field}`)];
}
