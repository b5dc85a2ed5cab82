import { watch } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { showWatch } from '../../watches/show-watch.js';
import { EXAMPLE_OF_WATCH, findWatch, noSuchWatch, ofWatch } from './find-watch.js';

export const runWatch = defineRoute({
  method: 'post',
  path: '/v1/watches/:name/run',
  id: 'runWatch',
  summary: 'Run a watch now',
  description:
    'Beside its schedule, which goes on as it was; a paused watch is run too. 409 while another run is not finished. Its budget holds for this run too.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchWatch,
  request: NO_INPUT.extend({ params: ofWatch }),
  answers: {
    202: { description: 'The watch; its job is made within seconds.', contents: { 'application/json': watch } },
  },
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Run now', given: 'watch', params: EXAMPLE_OF_WATCH, status: 202 }],
  serve:
    (services) =>
    async (c, { params: { name } }) => {
      const ref = { tenant: c.get('tenant'), name };
      const { result, job = '' } = await services.watches.begin(ref);
      if (result === 'gone') throw noSuchWatch({ name });
      if (result === 'unfinished') {
        const which = job === '' ? 'A run is about to begin' : `Its run ${job} is not finished`;
        throw new ApiProblem('conflict', `${which}: wait for it, or cancel it.`);
      }
      await services.snapshots.keepTenant(ref.tenant);
      return c.json(await showWatch(await findWatch(ref, services), services), 202);
    },
});
