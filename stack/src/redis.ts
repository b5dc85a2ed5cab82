import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindOptions } from './programs.js';
import { redisBinary } from './redis-binary.js';
import { type RedisServer, startRedisServer } from './redis-server.js';

/** The Redis that a stack uses: the user's own, or one that the stack started. */
export interface Redis {
  readonly url: string;
  /** Null if the stack did not start this Redis. */
  readonly server: RedisServer | null;
  stop(): Promise<void>;
}

interface OpenOptions extends FindOptions {
  /** The folder for the append-only file of a Redis that the stack starts. */
  readonly dir: string;
}

/**
 * Connects to the Redis of `REDIS_URL`. If `REDIS_URL` is not set, starts a Redis that keeps its data in the folder.
 */
export async function openRedis(options: OpenOptions): Promise<Redis> {
  const { REDIS_URL } = options.env;
  if (REDIS_URL !== undefined && REDIS_URL !== '') {
    return { url: REDIS_URL, server: null, stop: () => Promise.resolve() };
  }
  mkdirSync(options.dir, { recursive: true });
  const server = await startRedisServer({ binary: await redisBinary(options), dir: options.dir });
  return { url: server.url, server, stop: () => server.child.stop() };
}

/** Starts a Redis for one test run and deletes its folder when it stops. Never uses `REDIS_URL`. */
export async function openThrowawayRedis(options: FindOptions): Promise<Redis> {
  const binary = await redisBinary(options);
  const dir = mkdtempSync(join(tmpdir(), 'linkhaul-redis-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  const server = await startRedisServer({ binary, dir }).catch((error: unknown) => {
    remove();
    throw error;
  });
  return {
    url: server.url,
    server,
    async stop() {
      await server.child.stop();
      remove();
    },
  };
}
