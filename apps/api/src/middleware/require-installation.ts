import type { Installation } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/**
 * Stands before everything that is read from Redis: where Redis has lost what it knew, a job that it does not have is not
 * one that does not exist. `adopt` is what ends that.
 */
export function requireInstallation({ settled }: Installation, { except }: { except: string }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.path !== except) await settled();
    await next();
  });
}
