import { type StorageAdoption, storageAdoption } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';

export const adoptStorage = defineRoute({
  method: 'post',
  path: '/v1/storage/adopt',
  id: 'adoptStorage',
  summary: 'Adopt the storage',
  description:
    'A marker in storage tells whether it belongs to this Redis, so that a missing mount does not pass for empty storage: while they do not match, everything answers 503. This call says that they belong together all the same, because storage was moved or replaced on purpose. If Redis has lost everything, `POST /v1/recover` brings its jobs back; `empty=1` starts over without them, although their bytes stay in storage.',
  access: 'admin',
  needsNoInstallation: true,
  request: NO_INPUT.extend({
    query: z.object({
      empty: z.literal('1').optional().describe('Redis has lost everything, and its jobs are given up.'),
    }),
  }),
  answers: {
    200: { description: 'It is adopted.', contents: { 'application/json': storageAdoption } },
  },
  problems: ['conflict'],
  examples: [{ title: 'Adopt it', given: 'nothing', status: 200 }],
  serve:
    (services) =>
    async (c, { query: { empty } }) => {
      const { installation, logger } = services;
      await refuseIfJobsAreLost(empty !== undefined, services);
      const { id, was, marked } = await installation.adopt();
      logger.warn({ installation: id, was, marked, by: c.get('by') }, 'storage adopted');
      const answer: StorageAdoption = { installation: id, was, marked };
      return c.json(answer);
    },
});

/** Jobs that can be recovered are given up only if the request says so, and never during a recovery. */
async function refuseIfJobsAreLost(
  isGivenUp: boolean,
  { installation, recovery, storage }: Pick<Services, 'installation' | 'recovery' | 'storage'>,
): Promise<void> {
  if ((await installation.isKnown()) || (await storage.owner()) === null) return;
  if ((await recovery.read()) !== null) {
    throw new ApiProblem('conflict', 'Jobs are being brought back from storage: see `linkhaul recover`.');
  }
  if (isGivenUp) return;
  throw new ApiProblem(
    'conflict',
    'Redis has lost the jobs of this storage: `linkhaul recover` brings them back, `linkhaul storage adopt --empty` gives them up.',
  );
}
