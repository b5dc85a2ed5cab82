import { Hono } from 'hono';
import { notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';

/** Calls of the contract that this version does not have. */
const ROUTES = [
  ['GET', '/'],
  ['GET', '/openapi.json'],
  ['GET', '/docs'],
  ['GET', '/metrics'],
  ['GET', '/v1/jobs/:id/calls'],
  ['GET', '/v1/jobs/:id/manifest'],
  ['POST', '/v1/jobs/:id/retry'],
  ['DELETE', '/v1/jobs/:id'],
  ['POST', '/v1/estimates'],
  ['GET', '/v1/tags/:tag/diff'],
  ['GET', '/v1/usage'],
  ['PUT', '/v1/tenants/:tenant'],
] as const;

/** Says so by name, rather than that they do not exist. */
export function notAvailableRoutes(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const [method, path] of ROUTES) {
    app.on(method, path, () => {
      throw notAvailable(`${method} ${path}`);
    });
  }
  return app;
}
