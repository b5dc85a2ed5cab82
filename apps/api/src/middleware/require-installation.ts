import type { Installation } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/**
 * Guards everything that is read from Redis. If Redis has lost its data, a job that it does not know may exist all the same, so
 * all routes are refused but the one that ends this state.
 */
export function requireInstallation({ confirmed }: Installation, { except }: { except: readonly string[] }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!except.includes(c.req.path)) await confirmed();
    await next();
  });
}
