import { CursorRefused } from '@linkhaul/results';
import { NewerFormat, StorageAway } from '@linkhaul/storage';
import { Hono } from 'hono';
import { facePath, isOfFace, mountFace } from './face/mount.js';
import { sendProblem } from './face/send.js';
import { createKeyWatch } from './live/key-watch.js';
import { authenticate } from './middleware/authenticate.js';
import { endWithKey } from './middleware/end-with-key.js';
import { limitRequests } from './middleware/limit-requests.js';
import { logRequest } from './middleware/log-request.js';
import { measureRequests } from './middleware/measure-requests.js';
import { requireInstallation } from './middleware/require-installation.js';
import { requireReplica } from './middleware/require-replica.js';
import { createDocument } from './openapi/document.js';
import { servePage } from './page/serve-page.js';
import { ApiProblem, problemResponse } from './problem.js';
import { refusedCursor } from './results/cursor.js';
import { ROUTES } from './routes/index.js';
import { mountRoutes } from './routing/mount-routes.js';
import { notFound } from './routing/not-found.js';
import type { AppEnv, Services } from './services.js';
import { isUnavailable } from './unavailable.js';

/** Builds the HTTP app from its services. It reads no environment and opens no port. */
export function createApp(services: Services): Hono<AppEnv> {
  const { env, logger, installation, replicas, apiKeys, requestLimits } = services;
  const routes = ROUTES.flatMap((group) => group.routes);
  const usual = new Hono<AppEnv>();
  const app = new Hono<AppEnv>({ getPath: (request) => facePath(usual.getPath(request)) });
  app.use(measureRequests(services.metrics), logRequest(logger), servePage(services.page));
  const keyWatch = createKeyWatch(apiKeys);
  mountFace(app, services, keyWatch);
  // A newcomer has no key yet: `/v1` itself answers 404 with the paths of the documentation, not 401.
  app.on('ALL', ['/v1', '/v1/'], (c) => c.notFound());
  app.use(
    '/v1/*',
    requireInstallation(installation, {
      except: routes.filter((route) => route.needsNoInstallation).map(({ path }) => path),
    }),
    authenticate(env, apiKeys),
    endWithKey(keyWatch),
    limitRequests(requestLimits),
    requireReplica(replicas),
  );
  mountRoutes(app, routes, { ...services, document: () => createDocument(ROUTES) });
  const missing = notFound(app);
  app.notFound((c) => problemResponse(missing(c.req.method, c.req.path)));
  app.onError((error, c) => {
    const refuse = (problem: ApiProblem) => (isOfFace(c.req.path) ? sendProblem(c, problem) : problemResponse(problem));
    if (error instanceof ApiProblem) return refuse(error);
    if (error instanceof CursorRefused) return problemResponse(refusedCursor(error));
    if (isUnavailable(error)) {
      logger.warn({ err: error, path: c.req.path }, 'Redis or storage is unavailable');
      return refuse(new ApiProblem('unavailable', detailOf(error), { headers: { 'retry-after': '2' } }));
    }
    logger.error({ err: error, path: c.req.path }, 'request failed');
    return refuse(
      new ApiProblem('internal_error', 'The request failed on our side: try again, and report it if it keeps failing.'),
    );
  });
  return app;
}

function detailOf(error: unknown): string {
  if (error instanceof NewerFormat) return `${error.message}. Another process may be able to: try again.`;
  if (!(error instanceof StorageAway)) return 'The service cannot reach what it keeps jobs in: try again soon.';
  return `The service cannot keep or read anything now: try again soon. ${error.message}.`;
}
