import { expect, it } from 'vitest';
import { acceptJob } from '../../../../packages/jobs/test/accept-job.js';
import { finishJob } from '../../src/settle/finish-job.js';
import { openWebhooks } from '../webhook/open-webhooks.js';
import { workerEnv } from '../worker-env.js';

it.each([
  ['of a large job are written ahead', 50_000, 'file:///tmp/nothing-is-written', true],
  ['of a small one are not', 49_999, 'file:///tmp/nothing-is-written', false],
  ['of a large one are not where storage is Redis', 50_000, 'redis:', false],
])('the result files %s', async (_, ...[rows, url, isAhead]) => {
  const { services } = await openWebhooks();
  const job = await acceptJob(services, { invalid: rows }, { webhook: null });
  await services.jobSteps.planned(job, { roots: 0, callsPerPart: 1, manual: false });
  await finishJob(job, { ...services, env: workerEnv({ STORAGE_URL: url }) });
  expect(await services.queues.has('files', job)).toBe(isAhead);
});
