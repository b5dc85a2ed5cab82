import type { Logger } from '@linkhaul/runtime';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** Logs one line for each request, when its answer begins. */
export function logRequest(logger: Logger) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const startedAt = performance.now();
    await next();
    logger.info(
      {
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        tenant: c.get('tenant') ?? null,
        duration_ms: Math.round(performance.now() - startedAt),
      },
      'request',
    );
  });
}
