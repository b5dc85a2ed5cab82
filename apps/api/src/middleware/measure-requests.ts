import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { ApiMetrics } from '../metrics.js';
import type { AppEnv } from '../services.js';

/** One label for all requests that match no route: a client chooses those paths, and each would be a series of its own. */
const UNMATCHED = 'unmatched';

export function measureRequests(metrics: ApiMetrics) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const startedAt = performance.now();
    await next();
    const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? UNMATCHED;
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.answered({ method: c.req.method, route, status: c.res.status, seconds });
  });
}
