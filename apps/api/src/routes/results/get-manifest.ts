import { refOf } from '@linkhaul/jobs';
import { type Manifest, manifest, SCHEMA_VERSION, usdOf } from '@linkhaul/schemas';
import { NDJSON } from '../../results/forms.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { noSuchJob, ofJob } from '../jobs/find-job.js';
import { filesOf, findFinished } from './finished-files.js';

export const getManifest = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id/manifest',
  id: 'getManifest',
  summary: "List the files of a finished job's results",
  description:
    'If nobody has read them yet they are written now, which takes about ten seconds for a million rows. After 50 seconds the answer is 503, and the writing goes on.',
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob }),
  answers: {
    200: { description: 'Files with their sizes and checksums.', contents: { 'application/json': manifest } },
  },
  problems: ['not_found', 'conflict'],
  examples: [
    { title: 'The files', given: 'finished job', params: EXAMPLE_OF_JOB, status: 200 },
    { title: 'A job that is not finished has none', given: 'queued job', params: EXAMPLE_OF_JOB, status: 409 },
  ],
  serve:
    (services) =>
    async (c, { params: { id } }) => {
      const found = await findFinished(c.get('tenant'), id, services);
      const { job, stored } = await filesOf(found, NDJSON, services);
      const { files } = stored;
      const { counts, description, run, simulated } = job;
      const answer: Manifest = {
        job: description.id,
        run,
        files: files.map(({ path, lines, bytes, sha256 }) => ({ path, rows: lines, bytes, sha256 })),
        rows: files.reduce((sum, { lines }) => sum + lines, 0),
        items: counts.items,
        damaged_rows: await services.store.rowsOfCode(refOf(description), 'answer_damaged'),
        schema_version: SCHEMA_VERSION,
        params: description.params,
        cost: {
          spent_usd: usdOf(counts.spent),
          unconfirmed_usd: usdOf(counts.unconfirmed),
          wasted_usd: usdOf(counts.wasted),
        },
        simulated,
      };
      return c.json(answer);
    },
});
