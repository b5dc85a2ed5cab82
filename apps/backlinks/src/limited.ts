import type { MiddlewareHandler } from 'hono';
import type { AppContext, AppEnv, Deps } from './context.js';
import { whenOver } from './over.js';

/** How a face reports a limit that is reached. */
type Refuse = (c: AppContext, code: number) => Response | Promise<Response>;

/** Applies the account's limits, which are the same for every face. */
export function limited({ state }: Deps, refuse: Refuse): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const refused = state.limits.enter();
    if (refused !== null) return refuse(c, refused);
    try {
      return await next();
    } finally {
      whenOver(c, () => state.limits.leave());
    }
  };
}
