import { Hono } from 'hono';
import { notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';

/** Calls of the contract that this version does not have. */
const ROUTES = [
  ['GET', '/'],
  ['GET', '/openapi.json'],
  ['GET', '/docs'],
  ['GET', '/metrics'],
  ['GET', '/v1/jobs/:id/events'],
  ['GET', '/v1/webhooks/default'],
  ['PUT', '/v1/webhooks/default'],
  ['POST', '/v1/webhooks/secret/rotate'],
  ['POST', '/v1/webhooks/test'],
  ['GET', '/v1/deliveries'],
  ['POST', '/v1/deliveries/:id/redeliver'],
  ['GET', '/v1/events'],
  ['GET', '/v1/keys'],
  ['POST', '/v1/keys'],
  ['POST', '/v1/keys/:id/rotate'],
  ['DELETE', '/v1/keys/:id'],
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
