import { createDiff, type DiffField } from '@linkhaul/results';
import { change, diffSummary, type EndpointName, endpointOf, itemKeyOf } from '@linkhaul/schemas';
import { z } from 'zod';
import { parseFields } from '../../diff/fields.js';
import { DIFF_JSON, DIFF_NDJSON, type DiffForm, diffCsv } from '../../diff/forms.js';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { csvOptionsOf } from '../csv-options.js';
import { EXAMPLE_BASE_JOB, EXAMPLE_JOB, EXAMPLE_OF_TAG } from '../examples.js';
import { download, ofEndpoint, spreadsheet } from '../parameters.js';
import { diffPairOf } from './diff-pair.js';
import { sendDiff } from './send-diff.js';
import { jobsOfTag, noSuchTag, ofTag } from './tag-jobs.js';

/** The most comparisons at once: each reads two whole jobs and sorts them. */
const MOST_AT_ONCE = 2;

const differences = diffSummary
  .extend({ changes: z.array(change), next_cursor: z.null() })
  .meta({ id: 'Diff', description: 'Two runs of a tag compared: the counts, then every change.' });

export const getTagDiff = defineRoute({
  method: 'get',
  path: '/v1/tags/:tag/diff',
  id: 'getTagDiff',
  summary: 'Compare two runs of a tag',
  description:
    'By default the latest two completed jobs, even while they are being retried. If only one is named, the other is the latest one before `job`. A row that failed, was skipped or truncated in either run, or is being retried, is `unknown`; a row that was not submitted again is `removed`.',
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchTag,
  request: NO_INPUT.extend({
    params: ofTag,
    query: z.object({
      endpoint: ofEndpoint,
      base_job: z.string().optional().describe('The earlier job.'),
      job: z.string().optional().describe('The later job.'),
      fields: z
        .array(z.string())
        .optional()
        .describe('The fields to compare, as paths such as `page_summary.rank`; all numbers by default.'),
      min_change: z.number().min(0).default(0).describe('The smallest change of a number that counts.'),
      include: z.literal('same').optional().describe('Also shows what has not changed.'),
      format: z.enum(['json', 'ndjson', 'csv']).default('json').describe('NDJSON begins with the summary.'),
      download,
      spreadsheet,
    }),
  }),
  answers: {
    200: {
      description: 'The counts, then every change.',
      contents: {
        'application/json': differences,
        'application/x-ndjson': z.union([diffSummary, change]),
        'text/csv': z.string().describe('RFC 4180, with a header; only the changes.'),
      },
      headers: {
        'X-Linkhaul-Counts':
          'How many changes there are of each kind. A trailer if counting takes longer than a second.',
        'X-Linkhaul-Job': 'The later job.',
      },
    },
  },
  problems: ['not_found', 'conflict'],
  examples: [
    { title: 'The latest two runs', given: 'two runs', params: EXAMPLE_OF_TAG, status: 200 },
    {
      title: 'Two runs by name, as lines',
      given: 'two runs',
      params: EXAMPLE_OF_TAG,
      query: { base_job: EXAMPLE_BASE_JOB, job: EXAMPLE_JOB, format: 'ndjson' },
      status: 200,
    },
  ],
  serve(services) {
    let running = 0;
    return async (c, { params: { tag }, query }) => {
      const jobs = await jobsOfTag(tag, { tenant: c.get('tenant'), endpoint: query.endpoint }, services);
      const pair = diffPairOf(jobs, { base: query.base_job, job: query.job });
      const { endpoint, id } = pair.job.description;
      const fields = parseFields(query.fields, endpoint);
      const form = formOf(query, { endpoint, fields });
      if (running >= MOST_AT_ONCE) throw otherComparisons();
      running++;
      const gone = new AbortController();
      c.env.outgoing.once('close', () => gone.abort());
      const options = { minChange: query.min_change, includeSame: query.include === 'same', signal: gone.signal };
      const made = createDiff({ ...pair, fields, ...options }, services).finally(() => running--);
      const names = fields.map(({ name }) => name);
      const summary = { tag, endpoint, base_job: pair.base.description.id, job: id, fields: names };
      try {
        return await sendDiff(c, made, { form, isDownload: query.download !== undefined, summary, services });
      } catch (error) {
        // The client has left, so nobody gets this answer.
        if (gone.signal.aborted) return new Response(null, { status: 499 });
        throw error;
      }
    };
  },
});

function otherComparisons(): ApiProblem {
  return new ApiProblem('unavailable', 'Other comparisons are being made: try again soon.', {
    headers: { 'retry-after': '10' },
  });
}

interface Asked {
  readonly format: 'json' | 'ndjson' | 'csv';
  readonly spreadsheet?: '1' | undefined;
}

interface Compared {
  readonly endpoint: EndpointName;
  readonly fields: readonly DiffField[];
}

function formOf(asked: Asked, { endpoint: name, fields }: Compared): DiffForm {
  const options = csvOptionsOf(asked);
  if (asked.format === 'json') return DIFF_JSON;
  if (asked.format === 'ndjson') return DIFF_NDJSON;
  const endpoint = endpointOf(name);
  return diffCsv({ keys: ['target', ...(itemKeyOf(endpoint)?.names ?? [])], fields, options });
}
