import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { findJob, noSuchJob, ofJob } from '../jobs/find-job.js';
import { listing, maps, ofFile } from '../parameters.js';
import { partAnswers, resultContents, resultsFormat } from './result-forms.js';
import { sendResults } from './send-listing.js';

export const getResults = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id/results',
  id: 'getResults',
  summary: "Read a job's results",
  description:
    'By call, then by line. While the job runs, follow `next_cursor` until `done`: no line is given twice or missed. Of a finished job, NDJSON, CSV and Parquet are the same bytes every time, with `ETag`, `Range` and `HEAD`, unless `status` filters them; gzip if the client accepts it.',
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob, query: z.object({ format: resultsFormat, ...listing, maps }) }),
  headers: ofFile,
  answers: {
    200: { description: 'A page, or all lines.', contents: resultContents },
    ...partAnswers,
  },
  problems: ['not_found', 'conflict', 'range_not_satisfiable'],
  examples: [
    { title: 'The first ten', given: 'finished job', params: EXAMPLE_OF_JOB, query: { limit: '10' }, status: 200 },
    {
      title: 'All, as NDJSON',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { format: 'ndjson' },
      status: 200,
    },
    {
      title: 'For a spreadsheet',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { format: 'csv', spreadsheet: '1' },
      status: 200,
    },
    {
      title: 'For a warehouse',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { format: 'parquet', download: '1' },
      status: 200,
    },
    {
      title: 'The rest of a download that was cut after 100 bytes',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { format: 'ndjson' },
      headers: { Range: 'bytes=100-' },
      status: 206,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { id }, query }, given) =>
      sendResults(c, await findJob(c.get('tenant'), id, services), { query, given, services }),
});
