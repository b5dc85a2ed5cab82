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
      'What stands between the columns. `auto`: of a CSV what makes the most valid targets of the column in the first 100 records; a first line `sep=;` says it too. `none`: each line is one target, though it looks like columns. Another one makes `text/plain` a CSV.',
    ),
  column: z
    .string()
    .default('1')
    .describe(
      'Of a CSV: the column of the targets, by name or by number from 1. Where it is a name, the header is the first of the first ten records that has it.',
    ),
  id_column: z.string().optional().describe('Of a CSV: the column of the ids, likewise.'),
  header: headerChoice
    .default('auto')
    .describe(
      'Of a CSV. `auto`: the first record is one where its field in the column is up to 64 letters, digits, spaces, `_` and `-`, and begins with a letter or `_`. `input` of the answer says what was done.',
    ),
};

const CSV = 'RFC 4180, with any separator and line ends. `column` and `id_column` say where targets and ids stand.';

/** The body of a list, by media type. */
export const listBodies = {
  'application/json': submissionBody,
  'text/plain': z
    .string()
    .describe(
      'A target a line, which ends with LF, CRLF or CR. Blank lines and comments, which begin with `#`, are passed over; a line has at most 65,536 characters. `charset=` of the media type, or a byte order mark, names another encoding than UTF-8.',
    ),
  'text/csv': z
    .string()
    .describe(`${CSV} \`header=absent\` or \`present\` of the media type counts as \`header\` does.`),
  'text/tab-separated-values': z.string().describe('A CSV with tabs.'),
  'application/x-ndjson': z
    .string()
    .describe(
      'A string, or `{ "target", "id" }`, a line. Blank lines are passed over; an id has at most 255 characters, and an empty one is none.',
    ),
};
