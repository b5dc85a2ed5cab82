import type { Installation } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import type { Route } from '../routing/route.js';
import type { AppEnv } from '../services.js';

/**
 * Stands before everything that is read from Redis: where Redis has lost what it knew, a job that it does not have is not
 * one that does not exist. A route that ends this state works all the same.
 */
export function requireInstallation({ settled }: Installation, routes: readonly Route[]) {
  const exceptions = routes.filter(({ worksUnsettled }) => worksUnsettled).map(({ path }) => path);
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!exceptions.includes(c.req.path)) await settled();
    await next();
  });
}
