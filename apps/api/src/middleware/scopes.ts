import { KEY_SCOPES, type KeyScope } from '@linkhaul/schemas';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { ApiProblem } from '../problem.js';
import { ROUTES } from '../routes/index.js';
import type { AppEnv } from '../services.js';

/** What a key must be allowed for each call; the name of a parameter in a path does not matter. */
export const SCOPES: Readonly<Record<string, KeyScope>> = {
  'POST /v1/jobs': 'submit',
  // With `probe` it buys.
  'POST /v1/estimates': 'submit',
  'GET /v1/jobs': 'read',
  'GET /v1/jobs/:': 'read',
  'DELETE /v1/jobs/:': 'submit',
  'POST /v1/jobs/:/pause': 'submit',
  'POST /v1/jobs/:/resume': 'submit',
  'POST /v1/jobs/:/cancel': 'submit',
  'POST /v1/jobs/:/retry': 'submit',
  'GET /v1/jobs/:/events': 'read',
  'GET /v1/jobs/:/results': 'read',
  'GET /v1/jobs/:/rows': 'read',
  'GET /v1/jobs/:/calls': 'read',
  'GET /v1/jobs/:/manifest': 'read',
  'GET /v1/tags': 'read',
  'GET /v1/tags/:': 'read',
  'GET /v1/tags/:/results': 'read',
  'GET /v1/tags/:/diff': 'read',
  'GET /v1/usage': 'read',
  'GET /v1/capacity': 'read',
  'GET /v1/keys': 'admin',
  'POST /v1/keys': 'admin',
  'POST /v1/keys/:/rotate': 'admin',
  'DELETE /v1/keys/:': 'admin',
  // The admin's own: no key of a tenant is enough.
  'GET /v1/tenants/:': 'admin',
  'PUT /v1/tenants/:': 'admin',
  'POST /v1/storage/adopt': 'admin',
  ...Object.fromEntries(
    ROUTES.flatMap(({ routes }) => routes).flatMap((route) =>
      'scope' in route ? [[routeName({ method: route.method.toUpperCase(), path: route.path }), route.scope]] : [],
    ),
  ),
};

/** The name that a route has in the table. */
export function routeName({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace(/:[^/]+/g, ':')}`;
}

/** Refuses what the caller's key may not do. A route that the table does not know is nobody's. */
export const requireScope = createMiddleware<AppEnv>(async (c, next) => {
  for (const route of matchedRoutes(c).filter(({ method }) => method !== 'ALL')) {
    const needed = SCOPES[routeName(route)];
    if (needed === undefined) throw new Error(`${routeName(route)} has no scope`);
    if (!allows(c.get('scope'), needed)) {
      throw new ApiProblem('forbidden', `This key has the scope ${c.get('scope')}: use one with the scope ${needed}.`);
    }
  }
  await next();
});

function allows(scope: KeyScope, needed: KeyScope): boolean {
  return KEY_SCOPES.indexOf(scope) >= KEY_SCOPES.indexOf(needed);
}
