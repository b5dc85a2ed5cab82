import { type WatchesPage, watchesPage, watchName } from '@linkhaul/schemas';
import { z } from 'zod';
import { unknownCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { showWatch } from '../../watches/show-watch.js';
import { paging } from '../parameters.js';

export const listWatches = defineRoute({
  method: 'get',
  path: '/v1/watches',
  id: 'listWatches',
  summary: 'List watches',
  description: 'By name. A tenant has at most 100.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT.extend({ query: z.object(paging) }),
  answers: { 200: { description: 'A page of watches.', contents: { 'application/json': watchesPage } } },
  examples: [{ title: 'All watches', given: 'watch', status: 200 }],
  serve:
    (services) =>
    async (c, { query: { cursor = null, limit } }) => {
      if (cursor !== null && !watchName.safeParse(cursor).success) throw unknownCursor();
      const { watches, next } = await services.watches.list(c.get('tenant'), { after: cursor, limit });
      const shown = await Promise.all(watches.map((watch) => showWatch(watch, services)));
      const answer: WatchesPage = { watches: shown, next_cursor: next };
      return c.json(answer);
    },
});
