import { availableFilters as listed } from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from '../context.js';
import { freeGet } from '../free-task.js';

/**
 * `GET /v3/backlinks/available_filters`: the fields that filters may name, by endpoint, with their types. `backlinks_filters` takes
 * those fields of `backlinks` that a link has in the graph. Free.
 */
export function availableFilters(deps: Deps): (c: AppContext) => Promise<Response> {
  return freeGet(deps, { id: 'available_filters', api: 'backlinks', name: 'available_filters' }, () => [listed()]);
}
