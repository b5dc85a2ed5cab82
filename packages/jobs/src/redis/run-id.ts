import type { Redis } from 'ioredis';

/**
 * The run id of the server behind a connection. It differs after a restart or a fail-over, when keys may be missing.
 * Asked once per connection. Rejects while there is no connection.
 */
export function watchRunId(redis: Redis): () => Promise<string> {
  let known: Promise<string> | null = null;
  redis.on('close', () => {
    known = null;
  });
  return () => {
    known ??= readRunId(redis).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

async function readRunId(redis: Redis): Promise<string> {
  // A server behind a proxy may hide its run id: then only missing keys show a loss.
  return /^run_id:(\S+)/m.exec(await redis.info('server'))?.[1] ?? 'unknown';
}
