import { type EndpointName, endpointName } from '@linkhaul/schemas';
import { allCodes, availableFilters, CODES, refusal } from '@linkhaul/schemas/vendor';
import type { Hono } from 'hono';
import { compress } from 'hono/compress';
import { authenticate, requireTenant } from '../middleware/authenticate.js';
import { endWithKey } from '../middleware/end-with-key.js';
import { limitRequests } from '../middleware/limit-requests.js';
import { requireInstallation } from '../middleware/require-installation.js';
import { requireScope } from '../routing/access.js';
import type { AppEnv, Services } from '../services.js';
import { errors } from './errors.js';
import { freeGet, freePost } from './free.js';
import { idList } from './id-list.js';
import { live } from './live.js';
import { send } from './send.js';
import { taskGet } from './task-get.js';
import { taskPost } from './task-post.js';
import { tasksReady } from './tasks-ready.js';
import { userData } from './user-data.js';

const FACE = '/v3/';

/** Whether errors of this path are answered in the vendor's form. */
export function isOfFace(path: string): boolean {
  return path.startsWith(FACE);
}

/** The path that is meant: the vendor's client for PHP sends a slash too many before it, as others do behind it. */
export function facePath(path: string): string {
  return /^\/+v3\//.test(path) ? path.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '') : path;
}

/** Adds the vendor's own paths to the app: they take what its clients send, and answer as it does. */
export function mountFace(app: Hono<AppEnv>, services: Services, keys: Parameters<typeof endWithKey>[0]): void {
  const { env, installation, apiKeys, requestLimits } = services;
  app.use(
    `${FACE}*`,
    compress(),
    requireInstallation(installation, { except: [] }),
    authenticate(env, apiKeys, { takesBasic: true }),
    endWithKey(keys),
    requireTenant,
    limitRequests(requestLimits),
  );
  const [reads, submits] = [requireScope('read'), requireScope('submit')];
  app.post('/v3/backlinks/id_list', reads, freePost(['backlinks', 'id_list'], services, idList));
  app.post('/v3/backlinks/errors', reads, freePost(['backlinks', 'errors'], services, errors));
  app.get('/v3/appendix/user_data', reads, freeGet(['appendix', 'user_data'], services, userData));
  const codes = async () => allCodes();
  const filters = async () => [availableFilters()];
  app.get('/v3/appendix/errors', reads, freeGet(['appendix', 'errors'], services, codes));
  app.get('/v3/backlinks/available_filters', reads, freeGet(['backlinks', 'available_filters'], services, filters));
  app.get('/v3/backlinks/tasks_ready', reads, ready(null, services));
  app.get('/v3/backlinks/task_get/:id', reads, taskGet(null, services));
  for (const name of endpointName.options) {
    app.post(`/v3/backlinks/${name}/live`, submits, live(name, services));
    app.post(`/v3/backlinks/${name}/task_post`, submits, taskPost(name, services));
    app.get(`/v3/backlinks/${name}/tasks_ready`, reads, ready(name, services));
    app.get(`/v3/backlinks/${name}/task_get/:id`, reads, taskGet(name, services));
  }
  app.all(`${FACE}*`, (c) => send(c, refusal(CODES.notFound), 404));
}

function ready(name: EndpointName | null, services: Services) {
  const path = ['backlinks', ...(name === null ? [] : [name]), 'tasks_ready'];
  return freeGet(path, services, (c) => tasksReady(c.get('tenant'), name, services));
}
