import { newListId } from '@linkhaul/jobs';
import { changedWatch } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { admissionOf } from '../../submit/admission/admitted.js';
import { cleanlyDone, requireReady } from '../../submit/upload.js';
import { putWatch } from '../../watches/put-watch.js';
import { showWatch } from '../../watches/show-watch.js';
import { EXAMPLE_CSV, listExamples } from '../examples.js';
import { EXAMPLE_OF_WATCH, findWatch, noSuchWatch, ofWatch } from './find-watch.js';

export const setWatch = defineRoute({
  method: 'put',
  path: '/v1/watches/:name',
  id: 'setWatch',
  summary: 'Make a watch, or change it',
  description:
    'A list that is run again by a schedule, each time as a job under the tag of the watch, within a budget for each day, week or month. The list is sent as that of a job is: as `list` in a JSON body, or as the body itself with the fields in the query. A field that is left out gets its default; without a list, the watch keeps its list. A run under way goes on as it began.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchWatch,
  request: NO_INPUT.extend({ params: ofWatch }),
  takesList: 'watch',
  answers: {
    200: { description: 'The watch, changed.', contents: { 'application/json': changedWatch } },
    201: { description: 'The watch, new.', contents: { 'application/json': changedWatch } },
  },
  problems: ['not_found', 'budget_too_low', 'looks_separated', 'conflict'],
  examples: [
    {
      title: 'Every Monday at six in Berlin, for at most $20 a month',
      given: 'nothing',
      params: EXAMPLE_OF_WATCH,
      body: {
        type: 'application/json',
        content: {
          schedule: { cron: '0 6 * * 1', time_zone: 'Europe/Berlin' },
          endpoint: 'bulk_pages_summary',
          list: ['example.com', { target: 'https://example.org/pricing', id: 'row-2' }],
          budget: { usd: 20, period: 'month' },
        },
      },
      status: 201,
    },
    {
      title: 'Another schedule for the list that it has',
      given: 'watch',
      params: EXAMPLE_OF_WATCH,
      body: { type: 'application/json', content: { schedule: { every: '12h' }, endpoint: 'bulk_backlinks' } },
      status: 200,
    },
    {
      title: 'One target on each line, fields in the query',
      given: 'nothing',
      params: EXAMPLE_OF_WATCH,
      query: { endpoint: 'bulk_backlinks', schedule: '{"every":"7d"}' },
      body: { type: 'text/plain', content: 'example.com\nexample.org\n' },
      status: 201,
    },
    {
      title: 'Two columns of a CSV',
      given: 'nothing',
      params: EXAMPLE_OF_WATCH,
      query: { endpoint: 'bulk_backlinks', column: 'site', id_column: 'client', schedule: '{"every":"7d"}' },
      body: { type: 'text/csv', content: EXAMPLE_CSV },
      status: 201,
    },
    ...listExamples(201, { params: EXAMPLE_OF_WATCH, query: { schedule: '{"every":"7d"}' } }),
    {
      title: 'A day that no month has',
      given: 'nothing',
      params: EXAMPLE_OF_WATCH,
      body: {
        type: 'application/json',
        content: { schedule: { cron: '0 6 30 2 *' }, endpoint: 'bulk_backlinks', list: ['example.com'] },
      },
      status: 422,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { name } }, query) => {
      await requireReady(services);
      const tenant = c.get('tenant');
      const ref = { tenant, name };
      const list = { tenant, id: newListId(await services.calls.now()) };
      const pass = admissionOf(c, services);
      const put = () => putWatch(c, { ref, list, query, pass }, services);
      const { isNew, input } = await cleanlyDone(list, services, put).finally(() => pass.leave());
      const shown = await showWatch(await findWatch(ref, services), services);
      return c.json({ ...shown, ...(input !== null && { input }) }, isNew ? 201 : 200);
    },
});
