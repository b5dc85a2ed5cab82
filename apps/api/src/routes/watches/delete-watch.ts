import { paths } from '@linkhaul/storage';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_WATCH, findWatch, noSuchWatch, ofWatch } from './find-watch.js';

export const deleteWatch = defineRoute({
  method: 'delete',
  path: '/v1/watches/:name',
  id: 'deleteWatch',
  summary: 'Delete a watch',
  description:
    'It stops at once: a run under way is cancelled. Its jobs stay, and so does what was spent under its name in the present period.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchWatch,
  request: NO_INPUT.extend({ params: ofWatch }),
  answers: { 204: { description: 'The watch is deleted.', contents: {} } },
  problems: ['not_found'],
  examples: [{ title: 'Delete', given: 'watch', params: EXAMPLE_OF_WATCH, status: 204 }],
  serve:
    ({ watches, queues, snapshots, storage, logger }) =>
    async (c, { params: { name } }) => {
      const tenant = c.get('tenant');
      const { doc } = await findWatch({ tenant, name }, { watches });
      const { result, job, last } = await watches.remove({ tenant, name }, c.get('by'));
      if (result === 'gone') throw noSuchWatch({ name });
      await snapshots.keepTenant(tenant);
      if (job !== undefined) await snapshots.keepJob({ tenant, id: job });
      // If this message is lost, reconciliation adds it again.
      const finish = async () => last && job !== undefined && queues.add('finish', { tenant, id: job });
      await finish().catch((err: unknown) => logger.warn({ err, job }, 'finish message'));
      await storage.remove(paths.watchRuns({ tenant, watch: doc.id }));
      return c.body(null, 204);
    },
});
