import { Hono } from 'hono';
import { notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';

/** Calls of the contract that this version does not have. */
const ROUTES = [['GET', '/']] as const;

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
