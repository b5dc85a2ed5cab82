import { healthRoutes } from '@linkhaul/runtime';
import { StorageAway } from '@linkhaul/storage';
import { Hono } from 'hono';
import { isAway } from './away.js';
import { createKeyWatch } from './live/key-watch.js';
import { authenticate, requireTenant } from './middleware/authenticate.js';
import { endWithKey } from './middleware/end-with-key.js';
import { limitRequests } from './middleware/limit-requests.js';
import { logRequest } from './middleware/log-request.js';
import { measureRequests } from './middleware/measure-requests.js';
import { requireInstallation } from './middleware/require-installation.js';
import { FROM_STORAGE, requireStorage } from './middleware/require-storage.js';
import { requireScope } from './middleware/scopes.js';
import { createDocument } from './openapi/document.js';
import { ApiProblem, problemResponse } from './problem.js';
import { createDownloads } from './results/downloads.js';
import { actOnJob } from './routes/act-on-job.js';
import { jobCalls } from './routes/calls.js';
import { capacity } from './routes/capacity.js';
import { deleteJob } from './routes/delete-job.js';
import { description } from './routes/description.js';
import { diff } from './routes/diff.js';
import { estimates } from './routes/estimates.js';
import { getJob } from './routes/get-job.js';
import { ROUTES } from './routes/index.js';
import { jobEvents } from './routes/job-events.js';
import { keyRoutes } from './routes/keys.js';
import { listJobs } from './routes/list-jobs.js';
import { manifest } from './routes/manifest.js';
import { metrics } from './routes/metrics.js';
import { notFound } from './routes/not-found.js';
import { jobResults } from './routes/results.js';
import { retryJob } from './routes/retry-job.js';
import { root } from './routes/root.js';
import { jobRows } from './routes/rows.js';
import { STORAGE_ADOPT, storageAdopt } from './routes/storage-adopt.js';
import { submitJob } from './routes/submit-job.js';
import { tags } from './routes/tags.js';
import { tenants } from './routes/tenants.js';
import { usage } from './routes/usage.js';
import { mountRoutes } from './routing/mount-routes.js';
import type { AppEnv, Services } from './services.js';

/** Take the admin's key, which belongs to no tenant. */
const ADMINS_TOO = [capacity, estimates, usage, tenants, keyRoutes, storageAdopt];

const TENANTS_OWN = [submitJob, listJobs, getJob, actOnJob, retryJob, deleteJob, jobCalls, diff, jobEvents];

/** Builds the HTTP front door. Nothing here touches the process or opens a port. */
export function createApp(services: Services): Hono<AppEnv> {
  const { env, logger, store, storage, installation, apiKeys, requestLimits } = services;
  const app = new Hono<AppEnv>();
  app.use(measureRequests(services.metrics), logRequest(logger));
  app.route('/', healthRoutes({ redis: () => store.checkRoom(), storage: () => installation.check() }));
  app.route('/', metrics(services));
  app.route('/', root());
  const document = createDocument();
  app.route('/', description(document));
  // Who looks around has no key yet.
  app.on('ALL', ['/v1', '/v1/'], (c) => c.notFound());
  app.use('/v1/*', requireInstallation(installation, { except: STORAGE_ADOPT }));
  app.use(
    '/v1/*',
    authenticate(env, apiKeys),
    endWithKey(createKeyWatch(apiKeys)),
    limitRequests(requestLimits),
    requireScope,
  );
  const downloads = createDownloads(services);
  mountRoutes(app, ROUTES, { ...services, downloads, document });
  for (const route of ADMINS_TOO) app.route('/', route(services));
  app.use('/v1/*', requireTenant);
  for (const path of FROM_STORAGE) app.use(path, requireStorage(storage));
  for (const route of TENANTS_OWN) app.route('/', route(services));
  for (const route of [jobResults, jobRows, manifest, tags]) app.route('/', route(services, downloads));
  const missing = notFound(app);
  app.notFound((c) => problemResponse(missing(c.req.method, c.req.path)));
  app.onError((error, c) => {
    if (error instanceof ApiProblem) return problemResponse(error);
    if (isAway(error)) {
      logger.warn({ err: error, path: c.req.path }, 'Redis or storage is away');
      return problemResponse(new ApiProblem('unavailable', detailOf(error), { headers: { 'retry-after': '2' } }));
    }
    logger.error({ err: error, path: c.req.path }, 'request failed');
    return problemResponse(
      new ApiProblem('internal_error', 'The request failed on our side: try again, and report it if it stays.'),
    );
  });
  return app;
}

function detailOf(error: unknown): string {
  if (!(error instanceof StorageAway)) return 'The service cannot reach what it keeps jobs in: try again soon.';
  return `The service cannot keep or read anything now: try again soon. ${error.message}.`;
}
