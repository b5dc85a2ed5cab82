import { upstreamTimestamp } from '@linkhaul/schemas';
import type { AppContext, Deps } from '../context.js';
import { freeGet } from '../free-task.js';

/** `GET /v3/backlinks/index`: how large the graph is. It is made once, so that its history is one day. Free. */
export function linkIndex(deps: Deps): (c: AppContext) => Promise<Response> {
  return freeGet(deps, { id: 'index', api: 'backlinks', name: 'index' }, () => {
    const { links, pages } = deps.graph.counts;
    const size = { total_backlinks: links, total_pages: pages };
    return [{ ...size, index_history: [{ date: upstreamTimestamp(new Date(deps.now())), ...size }] }];
  });
}
