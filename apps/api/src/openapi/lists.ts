import { z } from 'zod';
import { csvParameters } from '../submit/list/csv-columns.js';
import { separatorParameter } from '../submit/list/separators.js';
import { submissionBody } from './endpoint-schemas.js';

/** The query of a list that is not JSON: the fields of the submission, and how a CSV is read. */
export const listQuery = {
  ...submissionBody.omit({ targets: true }).partial().shape,
  separator: separatorParameter,
  ...csvParameters,
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
