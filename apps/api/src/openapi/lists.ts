import { z } from 'zod';
import { submissionBody } from './endpoint-schemas.js';

/** What a list that is not JSON has in the query: the fields of the submission, and how a CSV is read. */
export const listQuery = {
  ...submissionBody.omit({ targets: true }).partial().shape,
  column: z
    .string()
    .default('1')
    .describe(
      'Of `text/csv`: the column of the targets, by name or by number from 1. A name says that there is a header.',
    ),
  id_column: z.string().optional().describe('Of `text/csv`: the column of the ids, likewise.'),
  header: z
    .enum(['auto', 'true', 'false'])
    .default('auto')
    .describe(
      'Of `text/csv`. `auto`: the first record is one where its field in the column is up to 64 letters, digits, spaces, `_` and `-`, and begins with a letter or `_`. `X-Linkhaul-Csv-Header` of the answer says what was done: `line` and the number of its line, or `none`.',
    ),
};

/** A list in every form. */
export const listBodies = {
  'application/json': submissionBody,
  'text/plain': z.string().describe('A target a line. Blank lines are passed over; a line has at most 64 KiB.'),
  'text/csv': z.string().describe('RFC 4180. `column` and `id_column` say where targets and ids stand.'),
  'application/x-ndjson': z
    .string()
    .describe(
      'A string, or `{ "target", "id" }`, a line. Blank lines are passed over; an id has at most 255 characters, and an empty one is none.',
    ),
};

/** A spreadsheet with a header, as an example of CSV. */
export const EXAMPLE_CSV = 'site,client\nexample.com,c-17\nexample.org,"c-18, new"\n';
export const EXAMPLE_NDJSON = '"example.com"\n{"target":"example.org","id":"row-2"}\n';
