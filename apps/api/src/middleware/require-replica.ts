import type { Replicas } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** An accepted job must outlive the Redis server that accepted it: the answer is 503 unless a replica has the job too. */
export function requireReplica({ reached }: Replicas) {
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    if (c.res.status === 202) await reached();
  });
}
