import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { jobOfCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_TAG } from '../examples.js';
import { listing, maps, ofEndpoint, ofFile } from '../parameters.js';
import { partAnswers, resultContents, resultsFormat } from '../results/result-forms.js';
import { sendResults } from '../results/send-listing.js';
import { jobsOfTag, latestGood, noneGood, noSuchTag, ofTag, requireOneEndpoint } from './tag-jobs.js';

export const getTagResults = defineRoute({
  method: 'get',
  path: '/v1/tags/:tag/results',
  id: 'getTagResults',
  summary: "Read a tag's latest results",
  description:
    "The results of its latest completed job that has any, in the same forms as a job's. 409 if the tag has several endpoints and none is named.",
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchTag,
  request: NO_INPUT.extend({
    params: ofTag,
    query: z.object({
      endpoint: ofEndpoint,
      job: z.string().optional().describe('This job instead of the latest; not with `min_ok`.'),
      min_ok: z.number().min(0).max(1).optional().describe('The least share of ok rows that a job must have.'),
      format: resultsFormat,
      ...listing,
      maps,
    }),
  }),
  headers: ofFile,
  answers: {
    200: {
      description: 'A page, or all lines.',
      contents: resultContents,
      headers: { 'X-Linkhaul-Job': 'The job whose results these are.' },
    },
    ...partAnswers,
  },
  problems: ['not_found', 'conflict', 'range_not_satisfiable'],
  examples: [
    { title: 'The latest', given: 'finished job', params: EXAMPLE_OF_TAG, status: 200 },
    {
      title: 'All, as NDJSON',
      given: 'finished job',
      params: EXAMPLE_OF_TAG,
      query: { format: 'ndjson' },
      status: 200,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { tag }, query: { endpoint, job, min_ok: minOk = null, ...query } }, given) => {
      if (job !== undefined && minOk !== null) {
        throw invalidRequest('min_ok', 'chooses a job where none is named: leave it or `job` out');
      }
      // All pages of one walk are of the same job, even if a newer one completes meanwhile.
      const id = job ?? (query.cursor === undefined ? undefined : jobOfCursor(query.cursor));
      const jobs = await jobsOfTag(tag, { tenant: c.get('tenant'), endpoint }, services);
      if (id === undefined) requireOneEndpoint(jobs);
      const record = latestGood(jobs, { id, minOk });
      if (record === null) throw noneGood({ id, minOk });
      c.header('x-linkhaul-job', record.description.id);
      return sendResults(c, record, { query, given, services });
    },
});
