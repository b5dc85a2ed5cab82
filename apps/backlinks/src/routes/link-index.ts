import { upstreamTimestamp } from '@linkhaul/schemas';
import type { AppContext, Deps } from '../context.js';
import { freeGet } from '../free-task.js';
import { servedOriginOf } from '../graph/origin.js';

/**
 * `GET /v3/backlinks/index`: the size of the graph and, in addition to the upstream's fields, the origin of its rows. The graph is
 * made all at once, so its history has one day. Free.
 */
export function linkIndex(deps: Deps): (c: AppContext) => Promise<Response> {
  return freeGet(deps, { id: 'index', api: 'backlinks', name: 'index' }, () => {
    const { links, pages } = deps.graph.counts;
    const size = { total_backlinks: links, total_pages: pages };
    const history = [{ date: upstreamTimestamp(new Date(deps.now())), ...size }];
    return [{ ...size, index_history: history, origin: servedOriginOf(deps.graph) }];
  });
}
