import { endpointName, rowStatus } from '@linkhaul/schemas';
import { z } from 'zod';
import { TENANT_NAME } from '../env.js';
import { LONGEST_WAIT_MS } from './jobs/wait.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** The request of a route without parameters and body. */
export const NOTHING = z.object({});

/** The headers of an answer that contains a secret. */
export const NOT_STORED = { 'cache-control': 'no-store' };

/** Query parameters of every route that lists things. */
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

/** A tenant's name, which is part of Redis keys and storage paths. */
export const tenantName = z
  .string()
  .regex(TENANT_NAME, 'is 1 to 64 letters, digits, `_`, `-` and `.`, and does not begin with a dot')
  .describe('Letters, digits, `_`, `-` and `.`, not first.');

export const ofEndpoint = endpointName.optional();

/** A query parameter of routes that answer in several forms. */
export const download = z.literal('1').optional().describe('As an attachment with a file name.');

export const ifNoneMatch = z.string().optional().describe('304 where it names the `ETag` that the answer would have.');

/** Headers of routes whose answer can be read in parts. */
export const ofFile = z.object({
  Range: z
    .string()
    .optional()
    .describe("Bytes of a finished job's results, such as `bytes=100-`; not with `format=json`."),
  'If-Range': z.string().optional().describe('With `Range`: an `ETag`; the whole is sent where it has changed.'),
  'If-None-Match': ifNoneMatch,
});

/** A query parameter of results. */
export const maps = z
  .literal('pairs')
  .optional()
  .describe(
    'With `format=ndjson`: maps are lists of `{ key, value }`, which also loaders take that have no place for an empty key.',
  );

/** A query parameter of every route that answers with CSV. */
export const spreadsheet = z
  .literal('1')
  .optional()
  .describe(
    'With `format=csv`: begins with a byte order mark; texts that a spreadsheet would take for a formula have an apostrophe before them; up to 1,048,576 lines stand in the order of the input.',
  );

/** Query parameters of rows and of results. */
export const listing = {
  status: z.array(rowStatus).optional().describe('Only lines of rows that ended so.'),
  ...paging,
  download,
  spreadsheet,
};
