import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_WATCH, noSuchWatch, ofWatch, watchAnswers } from './find-watch.js';
import { steerWatch } from './steer-watch.js';

export const resumeWatch = defineRoute({
  method: 'post',
  path: '/v1/watches/:name/resume',
  id: 'resumeWatch',
  summary: 'Resume a watch',
  description:
    'Its next run is the next tick from now on: what was missed while it was paused is not made up. Safe to repeat.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchWatch,
  request: NO_INPUT.extend({ params: ofWatch }),
  answers: watchAnswers,
  problems: ['not_found'],
  examples: [{ title: 'Resume', given: 'watch', params: EXAMPLE_OF_WATCH, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { name } }) =>
      c.json(await steerWatch({ tenant: c.get('tenant'), name }, 'active', services)),
});
