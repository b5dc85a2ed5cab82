import type { MiddlewareHandler } from 'hono';
import type { AppEnv, Deps } from '../context.js';
import { limited } from '../limited.js';
import { refuse } from './refuse.js';

/** The gateway answers 429 when a limit is reached. */
export function limitedByHttp(deps: Deps): MiddlewareHandler<AppEnv> {
  return limited(deps, (c, code) => {
    c.header('Retry-After', String(Math.ceil(deps.state.limits.retryAfterMs(code) / 1000)));
    const error = { code: 'rate_limit_exceeded', error: 'Too many requests.', request_id: c.get('requestId') };
    return refuse(c, 429, error);
  });
}
