import type { Installation } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/**
 * Refuses requests while Redis may have lost its data: a job that Redis does not know may still exist. Only the routes that end
 * this state are served.
 */
export function requireInstallation({ confirmed }: Installation, { except }: { except: readonly string[] }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!except.includes(c.req.path)) await confirmed();
    await next();
  });
}
