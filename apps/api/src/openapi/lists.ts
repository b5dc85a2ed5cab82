import { z } from 'zod';
import { headerChoice } from '../submit/list/csv-columns.js';
import { SEPARATOR_NAMES } from '../submit/list/separators.js';
import { submissionBody } from './endpoint-schemas.js';

/** The query of a list that is not JSON: the fields of the submission, and how a CSV is read. */
export const listQuery = {
  ...submissionBody.omit({ targets: true }).partial().shape,
  separator: z
    .enum(SEPARATOR_NAMES)
    .default('auto')
    .describe(
      'The separator of the columns. `auto`: in a CSV, the one that gives the most valid targets in the first 100 records; a first line `sep=;` is obeyed. `none`: each line is one target, even if it looks like columns. Any other makes `text/plain` a CSV.',
    ),
  column: z
    .string()
    .default('1')
    .describe(
      'CSV only: the column of the targets, by name or by number from 1. If it is a name, the header is the first record with that name, among the first ten.',
    ),
  id_column: z.string().optional().describe('CSV only: the column of the ids, by name or number.'),
  header: headerChoice
    .default('auto')
    .describe(
      'CSV only. `auto`: the first record is the header if its field in the column is up to 64 letters, digits, spaces, `_` and `-`, and begins with a letter or `_`. `input` of the answer tells how the list was read.',
    ),
};

const CSV = 'RFC 4180, with any separator and line ends. `column` and `id_column` name the columns of targets and ids.';

/** The body of a list, by media type. */
export const listBodies = {
  'application/json': submissionBody,
  'text/plain': z
    .string()
    .describe(
      'One target on each line. Lines end with LF, CRLF or CR and have at most 65,536 characters; blank lines and comments, which begin with `#`, are skipped. The encoding is UTF-8 unless `charset=` of the media type or a byte order mark names another.',
    ),
  'text/csv': z
    .string()
    .describe(`${CSV} \`header=absent\` or \`present\` of the media type counts as \`header\` does.`),
  'text/tab-separated-values': z.string().describe('A CSV with tabs.'),
  'application/x-ndjson': z
    .string()
    .describe(
      'A string, or `{ "target", "id" }`, on each line. Blank lines are skipped. An id has at most 255 characters; an empty one counts as none.',
    ),
};
