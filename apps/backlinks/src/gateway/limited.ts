import type { MiddlewareHandler } from 'hono';
import type { AppEnv, Deps } from '../context.js';
import { whenOver } from '../over.js';
import { refuse } from './refuse.js';

/** The account's limits are the same at both faces; here they are told by HTTP. */
export function limited({ state }: Deps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const refused = state.limits.enter();
    if (refused !== null) {
      c.header('Retry-After', String(Math.ceil(state.limits.retryAfterMs(refused) / 1000)));
      const error = { code: 'rate_limit_exceeded', error: 'Too many requests.', request_id: c.get('requestId') };
      return refuse(c, 429, error);
    }
    try {
      return await next();
    } finally {
      whenOver(c, () => state.limits.leave());
    }
  };
}
