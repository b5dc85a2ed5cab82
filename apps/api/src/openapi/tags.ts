import { change, diffSummary, tagPage, tagsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import {
  download,
  EXAMPLE_BASE_JOB,
  EXAMPLE_JOB,
  EXAMPLE_OF_TAG,
  listing,
  maps,
  ofEndpoint,
  ofFile,
  ofTag,
  paging,
  spreadsheet,
} from '../routes/parameters.js';
import type { Group, Operation } from './operation.js';
import { partAnswers, resultContents, resultsFormat } from './results.js';

const differences = diffSummary
  .extend({ changes: z.array(change), next_cursor: z.null() })
  .meta({ id: 'Diff', description: 'Two runs of a tag compared: the counts, then every change.' });

const list: Operation = {
  method: 'get',
  path: '/v1/tags',
  id: 'listTags',
  summary: 'List tags',
  description: 'The latest used first.',
  access: 'tenant',
  query: z.object(paging),
  answers: { 200: { description: 'A page of tags.', contents: { 'application/json': tagsPage } } },
  examples: [{ title: 'All tags', given: 'finished job', status: 200 }],
};

const get: Operation = {
  method: 'get',
  path: '/v1/tags/:tag',
  id: 'getTag',
  summary: "List a tag's runs",
  description:
    'Its latest job, which may still run, and all of its jobs, newest first. Without `endpoint`: of every endpoint.',
  access: 'tenant',
  params: ofTag,
  query: z.object({ endpoint: ofEndpoint, ...paging }),
  answers: { 200: { description: 'Its latest job, and a page of all.', contents: { 'application/json': tagPage } } },
  problems: ['not_found'],
  examples: [{ title: 'The runs of a tag', given: 'two runs', params: EXAMPLE_OF_TAG, status: 200 }],
};

const results: Operation = {
  method: 'get',
  path: '/v1/tags/:tag/results',
  id: 'getTagResults',
  summary: 'Read what a tag answers with',
  description:
    'Results of its latest completed job that brought anything, in the forms of a job. 409 where the tag has several endpoints and none is named.',
  access: 'tenant',
  params: ofTag,
  query: z.object({
    endpoint: ofEndpoint,
    job: z.string().optional().describe('This job, instead of the latest; without `min_ok`.'),
    min_ok: z.number().min(0).max(1).optional().describe('The least share of ok rows that a job must have.'),
    format: resultsFormat,
    ...listing,
    maps,
  }),
  headers: ofFile,
  answers: {
    200: {
      description: 'A page, or all lines.',
      contents: resultContents,
      headers: { 'X-Linkhaul-Job': 'Whose results these are.' },
    },
    ...partAnswers,
  },
  problems: ['not_found', 'conflict', 'range_not_satisfiable'],
  examples: [
    { title: 'The latest', given: 'finished job', params: EXAMPLE_OF_TAG, status: 200 },
    {
      title: 'All, a line each',
      given: 'finished job',
      params: EXAMPLE_OF_TAG,
      query: { format: 'ndjson' },
      status: 200,
    },
  ],
};

const diff: Operation = {
  method: 'get',
  path: '/v1/tags/:tag/diff',
  id: 'getTagDiff',
  summary: 'Compare two runs of a tag',
  description:
    'By default the latest two completed ones, also while they are run again; where one is named, the latest other one, before `job`. A row that failed, was skipped or truncated on either side, or is just tried again, is `unknown`; one that was not submitted again is `removed`.',
  access: 'tenant',
  params: ofTag,
  query: z.object({
    endpoint: ofEndpoint,
    base_job: z.string().optional().describe('The earlier job.'),
    job: z.string().optional().describe('The later job.'),
    fields: z
      .array(z.string())
      .optional()
      .describe('What is compared, by paths such as `page_summary.rank`; all numbers unless told.'),
    min_change: z.number().min(0).default(0).describe('The least change of a number that counts.'),
    include: z.literal('same').optional().describe('Shows also what is the same.'),
    format: z.enum(['json', 'ndjson', 'csv']).default('json').describe('NDJSON begins with the summary.'),
    download,
    spreadsheet,
  }),
  answers: {
    200: {
      description: 'The counts, then every change.',
      contents: {
        'application/json': differences,
        'application/x-ndjson': z.union([diffSummary, change]),
        'text/csv': z.string().describe('RFC 4180, with a header; the changes alone.'),
      },
      headers: { 'X-Linkhaul-Counts': 'How many changes there are of each kind.', 'X-Linkhaul-Job': 'The later job.' },
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
};

export const tags: Group = {
  name: 'Tags',
  description: 'A series of runs of the same question, under a name of yours.',
  operations: [list, get, results, diff],
};
