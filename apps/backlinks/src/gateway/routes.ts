import { endpointName } from '@linkhaul/schemas';
import { Hono } from 'hono';
import type { AppEnv, Deps } from '../context.js';
import { live } from '../routes/live.js';
import { authenticated } from './authenticated.js';
import { gatewayFace } from './face.js';
import { limitedByHttp } from './limited.js';
import { refuse } from './refuse.js';
import { named } from './request-id.js';

/** The live endpoints behind a gateway. The gateway offers neither the record of calls nor the account. */
export function gatewayRoutes(deps: Deps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.use(named, authenticated(deps), limitedByHttp(deps));
  for (const name of endpointName.options) routes.post(`/backlinks/${name}/live`, live(deps, name, gatewayFace));
  routes.all('*', (c) => refuse(c, 404, { error: 'no such endpoint' }));
  routes.onError((error, c) => {
    deps.logger.error({ err: error, path: c.req.path }, 'request failed');
    return refuse(c, 502, { error: 'provider request failed' });
  });
  return routes;
}
