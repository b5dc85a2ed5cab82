import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindOptions } from './programs.js';
import { redisBinary } from './redis-binary.js';
import { type RedisServer, startRedisServer } from './redis-server.js';

/** A Redis to use: somebody's, or our own. */
export interface Redis {
  readonly url: string;
  /** Null where it is not ours to stop. */
  readonly server: RedisServer | null;
  stop(): Promise<void>;
}

interface OpenOptions extends FindOptions {
  /** Where our own keeps its file. */
  readonly dir: string;
}

/** The Redis of `REDIS_URL`, else one of our own that keeps its data in the folder. */
export async function openRedis(options: OpenOptions): Promise<Redis> {
  const { REDIS_URL } = options.env;
  if (REDIS_URL !== undefined && REDIS_URL !== '') {
    return { url: REDIS_URL, server: null, stop: () => Promise.resolve() };
  }
  mkdirSync(options.dir, { recursive: true });
  const server = await startRedisServer({ binary: await redisBinary(options), dir: options.dir });
  return { url: server.url, server, stop: () => server.child.stop() };
}

/** A Redis for one test run: its folder goes when it stops. `REDIS_URL` is never touched. */
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
