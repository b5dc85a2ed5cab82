import type { Hono } from 'hono';
import { createSchemas } from '../request/json-schemas.js';
import type { AppEnv } from '../services.js';
import { guardsOf } from './access.js';
import type { Route, RouteServices } from './route.js';

/** Adds the routes to the app, each behind its checks. */
export function mountRoutes(app: Hono<AppEnv>, routes: readonly Route[], services: RouteServices): void {
  const schemas = createSchemas();
  for (const route of routes) {
    const handlers = [...guardsOf(route, services), route.createHandler(services, schemas)];
    app.on(route.method.toUpperCase(), [route.path], ...handlers);
  }
}
