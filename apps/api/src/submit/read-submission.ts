import type { Submission } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { ApiProblem } from '../problem.js';
import type { FieldSource } from '../request/pointers.js';
import type { AppEnv } from '../services.js';
import type { Pass } from './admission/admission.js';
import { admitted } from './admission/admitted.js';
import { type Purpose, parseFields, refuseUnknownField } from './fields/fields.js';
import { fieldsFromQuery } from './fields/query-fields.js';
import { readJsonBody } from './json/json-body.js';
import { sourceOf } from './json/rows-of-json.js';
import { decodeText } from './list/decode.js';
import { refuseOtherForms } from './list/other-forms.js';
import { readList } from './list/read-list.js';
import { createReport, type ListReport } from './list/report.js';
import { FORM_FIELDS, listForm, refuseForm, withoutForm } from './list-form.js';
import { parseMediaType } from './media-type.js';
import type { RowSource } from './submission.js';

interface ReadSubmission {
  readonly submission: Submission;
  readonly rows: RowSource;
  readonly source: FieldSource;
  /** How the list is read: complete once its rows are taken in. */
  readonly report: ListReport;
}

type Fields = Readonly<Record<string, string>>;

interface ReadingOptions {
  readonly purpose: Purpose;
  readonly pass: Pass;
  /** Called with all decoded bytes of the body. */
  readonly onBytes?: (chunk: Buffer) => void;
}

/** Reads a submission by the media type of its body. Fields in the query are checked before the body is read. */
export async function readSubmission(
  c: Context<AppEnv>,
  query: Fields,
  { purpose, pass, onBytes = () => undefined }: ReadingOptions,
): Promise<ReadSubmission> {
  const media = parseMediaType(c.req.header('content-type') ?? '');
  const report = createReport();
  const text = () => {
    return decodeText(admitted(c, pass, onBytes), { charset: media.charset, onEncoding: report.encoding });
  };
  if (media.type === 'application/json') {
    refuseForm(query, FORM_FIELDS);
    refuseFields(query);
    const { fields, rows } = await readJsonBody(text());
    report.lines({ line: rows.length + 1, passed: { blank: 0, comments: 0 } });
    const submission = parseFields(fields, { source: 'json', purpose });
    return { submission, rows: sourceOf(rows, pass), source: 'json', report };
  }
  const makeReader = listForm(media, query, report);
  const fields = fieldsFromQuery(withoutForm(query), NAMES_BESIDE);
  const submission = parseFields(fields, { source: 'query', purpose });
  const rows: RowSource = async (sink) => {
    const reader = makeReader(sink, submission);
    await readList(refuseOtherForms(text(), media.type === 'application/x-ndjson'), reader, sink);
    report.lines(reader);
  };
  return { submission, rows, source: 'query', report };
}

/** Parameters of a list's query that are not fields of the submission. */
const NAMES_BESIDE = [...FORM_FIELDS, 'wait_ms'];

function refuseFields(query: Fields): void {
  for (const name of Object.keys(query)) {
    refuseUnknownField(name, { source: 'query', others: NAMES_BESIDE });
    throw new ApiProblem('invalid_request', `${name}: with a JSON body the fields go into the body.`, {
      errors: [{ pointer: name, code: 'invalid', message: 'With a JSON body the fields go into the body.' }],
    });
  }
}
