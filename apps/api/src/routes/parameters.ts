import { endpointName, rowStatus, tag } from '@linkhaul/schemas';
import { z } from 'zod';
import { DEFAULT_LIMIT, MAX_LIMIT } from './query.js';
import { LONGEST_WAIT_MS } from './wait.js';

/** The request of a route that takes nothing. */
export const NOTHING = z.object({});

/** Of an answer with a secret in it. */
export const NOT_STORED = { 'cache-control': 'no-store' };

/** Stands in examples for a job of the caller's. */
export const EXAMPLE_JOB = 'job_0k3w8f2m9q4x';
/** And for the one that ran before it. */
export const EXAMPLE_BASE_JOB = 'job_0k3w7c1d5r8z';

/** And for a state of the job, as `Last-Event-ID` names it. */
export const EXAMPLE_STATE = 'u3V1c0Jm0qXkS7f2T9wYbA';
export const EXAMPLE_EVENT = 'evt_1767225600000_0_3f9a1c5d7e2b';
export const EXAMPLE_RECEIVER = 'https://hooks.example.com/linkhaul';
export const EXAMPLE_KEY = 'key_8c1f0a7d3b5e92464f0d';

const EXAMPLE_TAG = 'weekly';

export const ofJob = z.object({
  id: z
    .string()
    .regex(/^job_[0-9a-z]+$/)
    .describe("The job's id."),
});
export const EXAMPLE_OF_JOB = { id: EXAMPLE_JOB };

export const ofTag = z.object({ tag: tag.describe('Percent-encoded.') });
export const EXAMPLE_OF_TAG = { tag: EXAMPLE_TAG };

/** Of everything that lists things. */
export const paging = {
  cursor: z.string().optional().describe('`next_cursor` of the page before.'),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('How many a page has at most.'),
};

export const waitMs = z
  .int()
  .min(0)
  .max(LONGEST_WAIT_MS)
  .default(0)
  .describe('How long the answer may be held back for the job to finish.');

export const ofEndpoint = endpointName.optional();

/** Of what can be written in several forms. */
export const download = z.literal('1').optional().describe('As an attachment with a file name.');

export const ifNoneMatch = z.string().optional().describe('304 where it names the `ETag` that the answer would have.');

/** Of what can be read in parts. */
export const ofFile = z.object({
  Range: z
    .string()
    .optional()
    .describe("Bytes of a finished job's results, such as `bytes=100-`; not with `format=json`."),
  'If-Range': z.string().optional().describe('With `Range`: an `ETag`; the whole is sent where it has changed.'),
  'If-None-Match': ifNoneMatch,
});

/** Of results. */
export const maps = z
  .literal('pairs')
  .optional()
  .describe(
    'With `format=ndjson`: maps are lists of `{ key, value }`, which also loaders take that have no place for an empty key.',
  );

/** Of every CSV. */
export const spreadsheet = z
  .literal('1')
  .optional()
  .describe(
    'With `format=csv`: begins with a byte order mark; texts that a spreadsheet would take for a formula have an apostrophe before them; up to 1,048,576 lines stand in the order of the input.',
  );

/** Of rows and results. */
export const listing = {
  status: z.array(rowStatus).optional().describe('Only lines of rows that ended so.'),
  ...paging,
  download,
  spreadsheet,
};
