import { endpointName, rowStatus } from '@linkhaul/schemas';
import { z } from 'zod';
import { TENANT_NAME } from '../env.js';
import { LONGEST_WAIT_MS } from './jobs/wait.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** The headers of an answer that contains a secret. */
export const NOT_STORED = { 'cache-control': 'no-store' };

/** Query parameters of every route that lists things. */
export const paging = {
  cursor: z.string().optional().describe('`next_cursor` of the previous page.'),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('The most that a page has.'),
};

export const waitMs = z
  .int()
  .min(0)
  .max(LONGEST_WAIT_MS)
  .default(0)
  .describe('How long the answer may wait for the job to finish.');

/** A tenant's name, which is part of Redis keys and storage paths. */
export const tenantName = z
  .string()
  .regex(TENANT_NAME, 'is 1 to 64 letters, digits, `_`, `-` and `.`, and does not begin with a dot')
  .describe('Letters, digits, `_`, `-` and `.`; not beginning with a dot.');

export const ofEndpoint = endpointName.optional();

/** A query parameter of routes that answer in several forms. */
export const download = z.literal('1').optional().describe('As an attachment with a file name.');

export const ifNoneMatch = z.string().optional().describe('304 if it names the `ETag` of the answer.');

/** Headers of routes whose answer can be read in parts. */
export const ofFile = z.object({
  Range: z
    .string()
    .optional()
    .describe("Bytes of a finished job's results, such as `bytes=100-`; not with `format=json`."),
  'If-Range': z.string().optional().describe('With `Range`: an `ETag`. Everything is sent if it has changed.'),
  'If-None-Match': ifNoneMatch,
});

/** A query parameter of results. */
export const maps = z
  .literal('pairs')
  .optional()
  .describe('With `format=ndjson`: maps become lists of `{ key, value }`, for loaders that cannot read an empty key.');

/** A query parameter of every route that answers with CSV. */
export const spreadsheet = z
  .literal('1')
  .optional()
  .describe(
    'With `format=csv`: begins with a byte order mark; an apostrophe is put before texts that a spreadsheet would take for a formula; up to 1,048,576 lines are in input order.',
  );

/** Query parameters of rows and of results. */
export const listing = {
  status: z.array(rowStatus).optional().describe('Only lines of rows with this status.'),
  ...paging,
  download,
  spreadsheet,
};
