import { ROUTES } from '../routes/index.js';
import type { Route } from '../routing/route.js';
import { jobs } from './jobs.js';
import { keys } from './keys.js';
import { money } from './money.js';
import type { Group, Operation } from './operation.js';
import { results } from './results.js';
import { service } from './service.js';
import { storage } from './storage.js';
import { tags } from './tags.js';

/** Every route that the service has, in the order of the page. One that is missing here fails a test. */
export const CATALOGUE: readonly Group[] = [
  jobs,
  results,
  tags,
  money,
  ...ROUTES.map(({ name, description, routes }) => ({ name, description, operations: routes.map(operationOf) })),
  keys,
  storage,
  service,
];

function operationOf(route: Route): Operation {
  const { params, query, body } = route.request.shape;
  return {
    ...route,
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { bodies: { 'application/json': body } }),
  };
}
