import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { recoveryContents, recoveryView } from './recovery-view.js';

export const recover = defineRoute({
  method: 'post',
  path: '/v1/recover',
  id: 'recover',
  summary: 'Bring jobs back from storage',
  description:
    'After Redis has lost everything: jobs, tags, counts, cost, usage, keys, tenants and webhook settings are restored from storage, by a worker. Nothing is sent meanwhile. Jobs that were running are then paused, with the reason `recovered`, until they are resumed. Can be repeated until it is done.',
  access: 'admin',
  needsNoInstallation: true,
  request: NO_INPUT.extend({
    query: z.object({
      go: z.literal('1').optional().describe('Jobs that were running go on by themselves, once all are restored.'),
    }),
  }),
  answers: { 202: { description: 'A worker brings them back: see `GET /v1/recover`.', contents: recoveryContents } },
  problems: ['conflict'],
  examples: [{ title: 'Nothing is lost', given: 'nothing', status: 409 }],
  serve:
    (services) =>
    async (c, { query: { go } }) => {
      const { recovery, queues, logger } = services;
      await refuseIfNothingIsLost(services);
      const by = c.get('by');
      await recovery.ask({ go: go !== undefined, by });
      await queues.add('recover', {});
      logger.warn({ by, go: go !== undefined }, 'recovery asked for');
      return c.json(recoveryView(await recovery.read()), 202);
    },
});

async function refuseIfNothingIsLost({ env, installation, recovery, store, storage }: Services): Promise<void> {
  if (env.storage.kind === 'redis') {
    throw new ApiProblem(
      'conflict',
      'With STORAGE_URL=redis: jobs and results are in Redis alone, so that nothing is left to recover them from. Restore the files of Redis from a backup.',
    );
  }
  if (await installation.isKnown()) {
    throw new ApiProblem('conflict', 'Redis knows this installation: nothing is lost, and nothing was changed.');
  }
  if ((await storage.owner()) === null) {
    throw new ApiProblem('conflict', 'Storage has no marker of an installation: there is nothing to recover.');
  }
  const going = await recovery.read();
  if (going === null && (await store.hasTenants())) {
    throw new ApiProblem(
      'conflict',
      'Redis holds jobs, though not the id of this installation: jobs from storage would be mixed with them. Nothing was changed. `linkhaul storage adopt --empty` goes on with what Redis has.',
    );
  }
}
