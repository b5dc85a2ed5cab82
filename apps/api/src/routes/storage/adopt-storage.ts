import { type StorageAdoption, storageAdoption } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NOTHING } from '../parameters.js';

export const adoptStorage = defineRoute({
  method: 'post',
  path: '/v1/storage/adopt',
  id: 'adoptStorage',
  summary: 'Take the storage that is there',
  description:
    'Redis and storage know each other by a marker in storage, so that a mount that is missing does not pass for an empty storage: while they differ, everything answers 503. This says that they belong together all the same: storage was moved or exchanged on purpose, or Redis has lost everything. Jobs that Redis has lost stay lost, though their bytes are in storage.',
  access: 'admin',
  worksUnsettled: true,
  request: NOTHING,
  answers: {
    200: { description: 'It is taken.', contents: { 'application/json': storageAdoption } },
  },
  examples: [{ title: 'Take it', given: 'nothing', status: 200 }],
  serve:
    ({ installation, logger }) =>
    async (c) => {
      const { id, was, marked } = await installation.adopt();
      logger.warn({ installation: id, was, marked, by: c.get('by') }, 'storage adopted');
      const answer: StorageAdoption = { installation: id, was, marked };
      return c.json(answer);
    },
});
