import { callStatus, callsPage, manifest, row, rowsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { EXAMPLE_OF_JOB, listing, maps, ofFile, ofJob, paging } from '../routes/parameters.js';
import { resultLine, resultLines } from './endpoint-schemas.js';
import type { Group, Operation } from './operation.js';

const parquet = z.string().meta({ format: 'binary' });
const csv = z.string().describe('RFC 4180, with a header.');

/** Results in every form: of a job, and of a tag. */
export const resultContents = {
  'application/json': resultLines,
  'application/x-ndjson': resultLine,
  'text/csv': csv.describe('RFC 4180, with a header; one fixed set of columns an endpoint.'),
  'application/vnd.apache.parquet': parquet.describe('One fixed set of columns an endpoint.'),
};

/** Of a part of finished results, and where they are known. */
export const partAnswers = {
  206: {
    description: 'The range that was asked for.',
    contents: {
      'application/x-ndjson': z.string(),
      'text/csv': z.string(),
      'application/vnd.apache.parquet': parquet,
    },
  },
  304: { description: 'Nothing has changed since.', contents: {} },
};

export const resultsFormat = z
  .enum(['json', 'ndjson', 'csv', 'parquet'])
  .default('json')
  .describe(
    '`json`: a page, which is an object. All others are all lines so far, as a stream: `ndjson` and `csv` are text, `parquet` is bytes.',
  );

const items: Operation = {
  method: 'get',
  path: '/v1/jobs/:id/results',
  id: 'getResults',
  summary: "Read a job's results",
  description:
    'By call, then by line. While the job runs, follow `next_cursor` until `done`: no line is given twice or missed. Of a finished job NDJSON, CSV and Parquet are the same bytes every time, with `ETag`, `Range` and `HEAD`, unless `status` leaves some out; gzip where it is accepted.',
  access: 'tenant',
  params: ofJob,
  query: z.object({ format: resultsFormat, ...listing, maps }),
  headers: ofFile,
  answers: {
    200: { description: 'A page, or all lines.', contents: resultContents },
    ...partAnswers,
  },
  problems: ['not_found', 'conflict', 'range_not_satisfiable'],
  examples: [
    { title: 'The first ten', given: 'finished job', params: EXAMPLE_OF_JOB, query: { limit: '10' }, status: 200 },
    {
      title: 'All, a line each',
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
};

const rows: Operation = {
  method: 'get',
  path: '/v1/jobs/:id/rows',
  id: 'getRows',
  summary: "Read the outcome of a job's rows",
  description:
    'One line an input row, with its one outcome, its items and its cost; without data. NDJSON and CSV are in line order up to 1,048,576 rows, pages up to 10,000 rows in 1,000 calls; beyond that by call. In the seconds in which a job is planned, pages go as far as its plan is stored, and their cursor goes on there; all rows at once are then answered with 503.',
  access: 'tenant',
  params: ofJob,
  query: z.object({ format: z.enum(['json', 'ndjson', 'csv']).default('json'), ...listing }),
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
      title: 'All, a line each',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      query: { format: 'ndjson' },
      status: 200,
    },
    { title: 'As CSV', given: 'finished job', params: EXAMPLE_OF_JOB, query: { format: 'csv' }, status: 200 },
  ],
};

const calls: Operation = {
  method: 'get',
  path: '/v1/jobs/:id/calls',
  id: 'getCalls',
  summary: "Read a job's ledger",
  description:
    'Every call by number, with the attempts that reached the upstream, or may have. When a job rests, the costs of all attempts add up to its `spent_usd`.',
  access: 'tenant',
  params: ofJob,
  query: z.object({ status: z.array(callStatus).optional(), ...paging }),
  answers: { 200: { description: 'A page of calls.', contents: { 'application/json': callsPage } } },
  problems: ['not_found'],
  examples: [
    { title: 'All calls', given: 'finished job', params: EXAMPLE_OF_JOB, status: 200 },
    {
      title: 'Those that failed',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { status: 'failed' },
      status: 200,
    },
  ],
};

const files: Operation = {
  method: 'get',
  path: '/v1/jobs/:id/manifest',
  id: 'getManifest',
  summary: "List the files of a finished job's results",
  description:
    'They are written now where nobody has read them yet, which takes ten seconds or so for a million rows: 503 after 50 seconds, and then the writing goes on.',
  access: 'tenant',
  params: ofJob,
  answers: {
    200: { description: 'Files with their sizes and checksums.', contents: { 'application/json': manifest } },
  },
  problems: ['not_found', 'conflict'],
  examples: [
    { title: 'The files', given: 'finished job', params: EXAMPLE_OF_JOB, status: 200 },
    { title: 'A job that is not finished has none', given: 'queued job', params: EXAMPLE_OF_JOB, status: 409 },
  ],
};

export const results: Group = {
  name: 'Results',
  description: 'What came of a job: items, rows, calls and files.',
  operations: [items, rows, calls, files],
};
