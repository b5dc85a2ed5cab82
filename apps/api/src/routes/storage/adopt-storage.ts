import { type StorageAdoption, storageAdoption } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';

export const adoptStorage = defineRoute({
  method: 'post',
  path: '/v1/storage/adopt',
  id: 'adoptStorage',
  summary: 'Adopt the storage',
  description:
    'A marker in storage tells whether it belongs to this Redis, so that a missing mount does not pass for empty storage: while they do not match, everything answers 503. This call says that they belong together all the same, because storage was moved or replaced on purpose, or because Redis has lost everything. Jobs that Redis has lost stay lost, although their bytes are in storage.',
  access: 'admin',
  needsNoInstallation: true,
  request: NO_INPUT,
  answers: {
    200: { description: 'It is adopted.', contents: { 'application/json': storageAdoption } },
  },
  examples: [{ title: 'Adopt it', given: 'nothing', status: 200 }],
  serve:
    ({ installation, logger }) =>
    async (c) => {
      const { id, was, marked } = await installation.adopt();
      logger.warn({ installation: id, was, marked, by: c.get('by') }, 'storage adopted');
      const answer: StorageAdoption = { installation: id, was, marked };
      return c.json(answer);
    },
});
