import { type Listing, readRowStates, START } from '@linkhaul/results';
import { ROW_COLUMNS, row, rowsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { createRowPages } from '../../results/ordered-rows.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { findJob, noSuchJob, ofJob } from '../jobs/find-job.js';
import { listing } from '../parameters.js';
import { csv } from './result-forms.js';
import { sendListing } from './send-listing.js';

export const getRows = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id/rows',
  id: 'getRows',
  summary: "Read the outcome of a job's rows",
  description:
    'One line per input row, with its outcome, number of items and cost, but without data. In line order up to 1,048,576 rows, beyond that by call. Where neighbouring rows were asked in many different calls, a page may be shorter than `limit`: its cursor goes on. While a job is being planned, pages end where its stored plan ends, and their cursor goes on there; a request for all rows at once is answered with 503.',
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchJob,
  request: NO_INPUT.extend({
    params: ofJob,
    query: z.object({ format: z.enum(['json', 'ndjson', 'csv']).default('json'), ...listing }),
  }),
  answers: {
    200: {
      description: 'A page, or all rows.',
      contents: { 'application/json': rowsPage, 'application/x-ndjson': row, 'text/csv': csv },
    },
  },
  problems: ['not_found', 'conflict'],
  examples: [
    {
      title: 'Rows that did not work out',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { status: 'failed,invalid' },
      status: 200,
    },
    {
      title: 'All, one per line',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      query: { format: 'ndjson' },
      status: 200,
    },
    { title: 'As CSV', given: 'finished job', params: EXAMPLE_OF_JOB, query: { format: 'csv' }, status: 200 },
  ],
  serve: (services) => {
    const pagesOf = createRowPages(services);
    return async (c, { params: { id }, query }, given) => {
      const job = await findJob(c.get('tenant'), id, services);
      const all = () => readRowStates(job, START, services);
      const rows: Listing = { name: 'rows', job, all, pages: (from) => pagesOf(job, from) };
      return sendListing(c, rows, { query, given, columns: ROW_COLUMNS, services });
    };
  },
});
