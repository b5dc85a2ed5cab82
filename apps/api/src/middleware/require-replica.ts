import type { Replicas } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** What was accepted must outlive the server that accepted it: 202 is said once a replica has it too, else 503. */
export function requireReplica({ reached }: Replicas) {
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    if (c.res.status === 202) await reached();
  });
}
