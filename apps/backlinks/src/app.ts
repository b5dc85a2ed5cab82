import { setMaxListeners } from 'node:events';
import { type EndpointName, endpointName } from '@linkhaul/schemas';
import { CODES, refusal } from '@linkhaul/schemas/vendor';
import { Hono, type MiddlewareHandler } from 'hono';
import type { AppEnv, Deps } from './context.js';
import { isAuthorized } from './credentials.js';
import { gatewayRoutes } from './gateway/routes.js';
import { isSimulated } from './graph/origin.js';
import { limited } from './limited.js';
import { whenOver } from './over.js';
import { appendixErrors } from './routes/appendix-errors.js';
import { availableFilters } from './routes/available-filters.js';
import { controlRoutes } from './routes/control.js';
import { errors } from './routes/errors.js';
import { idList } from './routes/id-list.js';
import { linkIndex } from './routes/link-index.js';
import { live } from './routes/live.js';
import { userData } from './routes/user-data.js';
import { send } from './send.js';
import { signatureOf } from './wire.js';

/** Every path of the local Backlinks API. Errors are envelopes, as they are upstream. */
export function createApp(deps: Deps): Hono<AppEnv> {
  // Each waiting call adds a listener.
  setMaxListeners(0, deps.stopping);
  const app = new Hono<AppEnv>();
  app.use(signed(deps));
  app.route('/__control', controlRoutes(deps));
  app.use(recorded(deps));
  app.route('/apis/v1/dataforseo', gatewayRoutes(deps));
  app.use(
    '/v3/*',
    authenticated(deps),
    rateTold(deps),
    limited(deps, (c, code) => send(c, refusal(code))),
  );
  for (const name of endpointName.options) app.post(livePath(name), live(deps, name));
  app.post('/v3/backlinks/id_list', idList(deps));
  app.post('/v3/backlinks/errors', errors(deps));
  app.get('/v3/backlinks/index', linkIndex(deps));
  app.get('/v3/backlinks/available_filters', availableFilters(deps));
  app.get('/v3/appendix/user_data', userData(deps));
  app.get('/v3/appendix/errors', appendixErrors(deps));
  app.notFound((c) => send(c, refusal(CODES.notFound), 404));
  app.onError((error, c) => {
    deps.logger.error({ err: error, path: c.req.path }, 'request failed');
    return send(c, refusal(CODES.internal), 500);
  });
  return app;
}

function livePath(name: EndpointName): string {
  return `/v3/backlinks/${name}/live`;
}

/** Marks answers over generated data, so that nobody takes their numbers for real ones. */
function signed({ graph }: Deps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set('isSimulated', isSimulated(graph.origin));
    await next();
    for (const [name, value] of Object.entries(signatureOf(c))) c.header(name, value);
    c.header('Date', new Date().toUTCString());
  };
}

function recorded({ state }: Deps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const request = state.record.arrive(c.req.path);
    c.set('request', request);
    await next();
    whenOver(c, (answered) => state.record.end(request, answered));
  };
}

function authenticated({ credentials }: Deps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (isAuthorized(c.req.header('authorization'), credentials)) return next();
    c.header('WWW-Authenticate', 'Basic realm="DataForSEO REST API"');
    return send(c, refusal(CODES.unauthorized), 401);
  };
}

function rateTold({ state }: Deps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (!state.settings.rate_headers) return;
    c.header('X-RateLimit-Limit', String(state.settings.max_per_minute));
    c.header('X-RateLimit-Remaining', String(state.limits.remaining()));
  };
}
