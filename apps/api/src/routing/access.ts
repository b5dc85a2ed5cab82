import { KEY_SCOPES, type KeyScope } from '@linkhaul/schemas';
import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { requireAdmin, requireTenant } from '../middleware/authenticate.js';
import { requireStorage } from '../middleware/require-storage.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import type { Route } from './route.js';

type Guard = MiddlewareHandler<AppEnv>;

/** The checks before a route's handler: scope, tenant or admin, and storage. The caller is already identified. */
export function guardsOf(route: Route, { storage }: Pick<Services, 'storage'>): Guard[] {
  return [...keyGuardsOf(route), ...(route.readsStorage ? [requireStorage(storage)] : [])];
}

function keyGuardsOf(route: Route): Guard[] {
  if (route.access === 'open') return [];
  if (route.access === 'admin') return [requireAdmin];
  const scope = requireScope(route.scope);
  return route.access === 'tenant' ? [scope, requireTenant] : [scope];
}

export function requireScope(needed: KeyScope): Guard {
  return createMiddleware<AppEnv>(async (c, next) => {
    const scope = c.get('scope');
    if (KEY_SCOPES.indexOf(scope) < KEY_SCOPES.indexOf(needed)) {
      throw new ApiProblem('forbidden', `This key has the scope ${scope}: use one with the scope ${needed}.`);
    }
    await next();
  });
}
