import type { Redis } from 'ioredis';
import type { ByteRange } from '../backend.js';

const SCAN_COUNT = 1000;
/** The contents of folders of this depth, such as `jobs/<tenant>/<job>`, are recorded. */
const FOLDER_NAMES = 3;

/** Bytes by their paths. */
export interface RedisObjects {
  /** With `NX` the first write wins. False if another one did. */
  write(key: string, bytes: Uint8Array, ...onlyNew: 'NX'[]): Promise<boolean>;
  read(key: string): Promise<Buffer | null>;
  readRange(key: string, range: ByteRange): Promise<Buffer | null>;
  below(folder: string): Promise<string[]>;
  /** Removes an object, and every object below it as a folder. */
  remove(path: string): Promise<void>;
  /** Is refused as any write is, and changes nothing: it writes an object only if it exists, and it never does. */
  tryWriting(): Promise<void>;
  /** Records the contents of folders for objects of earlier versions, which did not record them. */
  complement(): Promise<void>;
}

/**
 * Records the contents of a folder with each object that is written. Otherwise listing a folder would mean a scan of the
 * whole of Redis.
 */
export function redisObjects(redis: Redis, prefix: string): RedisObjects {
  const keyOf = (key: string) => `${prefix}:storage:${key}`;
  const contentsOf = (folder: string) => `${prefix}:storage-contents:${folder}`;
  /** Set once the contents of every folder are recorded. */
  const complete = `${prefix}:storage-contents-complete`;

  const scan = async (pattern: string): Promise<string[]> => {
    const keys = new Set<string>();
    let cursor = '0';
    do {
      const [next, batch] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT);
      for (const key of batch) keys.add(key.slice(keyOf('').length));
      cursor = next;
    } while (cursor !== '0');
    return [...keys];
  };
  const complement = async (): Promise<void> => {
    for (const keys of batchesOf(await scan(`${literal(keyOf(''))}*`))) {
      const multi = redis.multi();
      for (const place of keys.map(placeOf)) if (place !== null) multi.sadd(contentsOf(place.folder), place.name);
      await multi.exec();
    }
    await redis.set(complete, 1);
  };
  const keysBelow = async (folder: string): Promise<string[]> => {
    const top = folder.split('/').slice(0, FOLDER_NAMES).join('/');
    if (placeOf(`${top}/`) === null) return scan(`${literal(keyOf(folder))}/*`);
    if ((await redis.exists(complete)) === 0) await complement();
    const keys = (await redis.smembers(contentsOf(top))).map((name) => `${top}/${name}`);
    return keys.filter((key) => key.startsWith(`${folder}/`));
  };
  /** Objects that are written meanwhile stay recorded: only the removed names are taken out. */
  const drop = async (keys: readonly string[]): Promise<void> => {
    const multi = redis.multi().unlink(...keys.map(keyOf));
    for (const place of keys.map(placeOf)) if (place !== null) multi.srem(contentsOf(place.folder), place.name);
    await multi.exec();
  };

  return {
    async write(key, bytes, ...onlyNew) {
      const place = placeOf(key);
      const multi = redis.multi();
      if (place !== null) multi.sadd(contentsOf(place.folder), place.name);
      const replies = await multi.call('SET', keyOf(key), Buffer.from(bytes), ...onlyNew).exec();
      return replyOf(replies?.at(-1)) === 'OK';
    },
    read: (key) => redis.getBuffer(keyOf(key)),
    async readRange(key, { from, to }) {
      const bytes = await redis.getrangeBuffer(keyOf(key), from, to - 1);
      return bytes.length > 0 || (await redis.exists(keyOf(key))) === 1 ? bytes : null;
    },
    below: keysBelow,
    async remove(path) {
      for (const keys of batchesOf([path, ...(await keysBelow(path))])) await drop(keys);
    },
    async tryWriting() {
      await redis.set(keyOf('check'), '', 'XX');
    },
    complement,
  };
}

/** The folder whose recorded contents have the object, and its name there. Null if no folder records it. */
function placeOf(key: string): { folder: string; name: string } | null {
  const names = key.split('/');
  if (names.length <= FOLDER_NAMES) return null;
  return { folder: names.slice(0, FOLDER_NAMES).join('/'), name: names.slice(FOLDER_NAMES).join('/') };
}

function batchesOf<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / SCAN_COUNT);
  return Array.from({ length: count }, (_, at) => all.slice(at * SCAN_COUNT, (at + 1) * SCAN_COUNT));
}

/** The key as a pattern that matches only itself. */
function literal(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

function replyOf(answer: [error: Error | null, reply: unknown] | undefined): unknown {
  if (answer?.[0]) throw answer[0];
  return answer?.[1];
}
