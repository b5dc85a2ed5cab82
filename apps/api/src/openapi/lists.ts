import { z } from 'zod';
import type { ListOf } from '../routing/request-parts.js';
import { csvParameters } from '../submit/list/csv-columns.js';
import { separatorParameter } from '../submit/list/separators.js';
import { submissionBody, watchBody } from './endpoint-schemas.js';

const BODIES = { job: submissionBody, watch: watchBody };

/** The query beside a list that is not JSON: the fields of the submission, and how a CSV is read. */
export function listQuery(of: ListOf): z.ZodObject {
  const fields = of === 'job' ? submissionBody.omit({ targets: true }) : watchBody.omit({ list: true });
  return z.object({ ...fields.partial().shape, separator: separatorParameter, ...csvParameters });
}

const CSV = 'RFC 4180, with any separator and line ends. `column` and `id_column` name the columns of targets and ids.';

/** The forms of a list that are not JSON. */
const OTHERS = {
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

/** The body of a list, by media type. */
export function listBodies(of: ListOf): Readonly<Record<string, z.ZodType>> {
  return { 'application/json': BODIES[of], ...OTHERS };
}
