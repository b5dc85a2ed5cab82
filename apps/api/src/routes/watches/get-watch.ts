import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { showWatch } from '../../watches/show-watch.js';
import { EXAMPLE_OF_WATCH, findWatch, noSuchWatch, ofWatch, watchAnswers } from './find-watch.js';

export const getWatch = defineRoute({
  method: 'get',
  path: '/v1/watches/:name',
  id: 'getWatch',
  summary: 'Read a watch',
  description: 'With its next run, the run under way and the last one.',
  access: 'tenant',
  scope: 'read',
  noSuch: noSuchWatch,
  request: NO_INPUT.extend({ params: ofWatch }),
  answers: watchAnswers,
  problems: ['not_found'],
  examples: [{ title: 'One watch', given: 'watch', params: EXAMPLE_OF_WATCH, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { name } }) =>
      c.json(await showWatch(await findWatch({ tenant: c.get('tenant'), name }, services), services)),
});
