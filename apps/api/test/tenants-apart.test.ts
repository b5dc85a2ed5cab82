import { afterEach, it } from 'vitest';
import { ROUTES } from '../src/routes/index.js';
import { problemOf } from './http.js';
import { sendExample } from './send-example.js';
import { createStarter } from './service.js';
import { SITUATIONS } from './situations.js';

const starter = createStarter();
afterEach(starter.closeAll);

/** Routes that name something of a tenant in their path, with an example of a thing that is there. */
const named = ROUTES.flatMap(({ routes }) => routes).flatMap((route) => {
  const example = route.examples.find(({ given, params, as }) => given !== 'nothing' && params && as !== 'admin');
  const isOfTenant = route.access === 'tenant' || route.access === 'any';
  // PUT makes what is not there, for any tenant.
  if (route.method === 'put') return [];
  return isOfTenant && example !== undefined ? [{ id: route.id, route, example }] : [];
});

it.each(named)('$id knows nothing of what another tenant has', async ({ route, example }) => {
  const service = await starter.start();
  const ids = await SITUATIONS[example.given](service);
  const made = await service.services.apiKeys.create('other', { name: 'theirs', scope: 'admin' });
  const response = await sendExample(route, example, { url: service.url, ids, key: made?.secret ?? '' });
  problemOf({ status: response.status, text: await response.text() }, 'not_found');
});
