import { runView } from '@linkhaul/jobs';
import { type WatchRunsPage, watchRunsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { unknownCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { paging } from '../parameters.js';
import { EXAMPLE_OF_WATCH, findWatch, noSuchWatch, ofWatch } from './find-watch.js';

export const listWatchRuns = defineRoute({
  method: 'get',
  path: '/v1/watches/:name/runs',
  id: 'listWatchRuns',
  summary: "List a watch's runs",
  description: 'Finished and skipped ones, the latest first; the last 100 are kept. Each names its job.',
  access: 'tenant',
  scope: 'read',
  noSuch: noSuchWatch,
  request: NO_INPUT.extend({ params: ofWatch, query: z.object(paging) }),
  answers: { 200: { description: 'A page of runs.', contents: { 'application/json': watchRunsPage } } },
  problems: ['not_found'],
  examples: [
    { title: 'The latest ten', given: 'watch', params: EXAMPLE_OF_WATCH, query: { limit: '10' }, status: 200 },
  ],
  serve:
    (services) =>
    async (c, { params: { name }, query: { cursor, limit } }) => {
      const watch = await findWatch({ tenant: c.get('tenant'), name }, services);
      const from = placeOf(cursor);
      const runs = await services.watches.runs(watch, { from, limit });
      const next = runs.length < limit ? null : String(from + limit);
      const answer: WatchRunsPage = { runs: runs.map(runView), next_cursor: next };
      return c.json(answer);
    },
});

function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^[1-9]\d{0,5}$/.test(cursor)) throw unknownCursor();
  return Number(cursor);
}
