import type { Context } from 'hono';
import { ApiProblem } from '../problem.js';
import type { FieldSource } from '../request/pointers.js';
import type { AppEnv } from '../services.js';
import type { Pass } from './admission/admission.js';
import { admitted } from './admission/admitted.js';
import {
  type CommonFields,
  type FieldForm,
  JOB_FIELDS,
  type Purpose,
  parseFields,
  refuseUnknownField,
} from './fields/fields.js';
import { fieldsFromQuery } from './fields/query-fields.js';
import { readJsonBody } from './json/json-body.js';
import { sourceOf } from './json/rows-of-json.js';
import { FORM_FIELDS, listForm, refuseForm, takesSets, withoutForm } from './list/choose-form.js';
import { decodeText } from './list/decode.js';
import { refuseOtherForms } from './list/other-forms.js';
import { readList } from './list/read-list.js';
import { createReport, type ListReport } from './list/report.js';
import { parseMediaType } from './media-type.js';
import type { ListRules, RowSource } from './submission.js';

/** A list, and the fields that came with it. */
interface ReadList<Fields> {
  readonly submission: Fields;
  /** Null if the body has no list. */
  readonly rows: RowSource | null;
  readonly source: FieldSource;
  /** How the list was read: complete once all rows are read. */
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
export async function readSubmission(c: Context<AppEnv>, query: Fields, options: ReadingOptions) {
  const { rows, ...read } = await readFields(c, query, { ...options, form: JOB_FIELDS });
  // A body without a list has no rows.
  return { ...read, rows: rows ?? sourceOf([], options.pass) };
}

/** Reads a submission or a watch, depending on the form. */
export async function readFields<Form extends CommonFields & ListRules>(
  c: Context<AppEnv>,
  query: Fields,
  { form, purpose, pass, onBytes = () => undefined }: ReadingOptions & { readonly form: FieldForm<Form> },
): Promise<ReadList<Form>> {
  const media = parseMediaType(c.req.header('content-type') ?? '');
  const report = createReport();
  const text = () => {
    return decodeText(admitted(c, pass, onBytes), { charset: media.charset, onEncoding: report.encoding });
  };
  if (media.type === 'application/json') {
    refuseForm(query, FORM_FIELDS);
    refuseFields(query, form);
    const { fields, rows } = await readJsonBody(text(), form);
    report.lines({ line: (rows?.length ?? 0) + 1, passed: { blank: 0, comments: 0 } });
    const submission = parseFields(fields, form, { source: 'json', purpose });
    return { submission, rows: rows && sourceOf(rows, pass), source: 'json', report };
  }
  const makeReader = listForm(media, query, report);
  const fields = fieldsFromQuery(withoutForm(query), form, namesBeside(form));
  const submission = parseFields(fields, form, { source: 'query', purpose });
  const rows: RowSource = async (sink) => {
    const reader = makeReader(sink, submission);
    const form = { isNdjson: media.type === 'application/x-ndjson', isOfSets: takesSets(submission) };
    await readList(refuseOtherForms(text(), form), reader, sink);
    report.lines(reader);
  };
  return { submission, rows, source: 'query', report };
}

/** Parameters of a list's query that are not fields of its form. */
function namesBeside({ beside }: FieldForm): readonly string[] {
  return [...FORM_FIELDS, ...beside];
}

function refuseFields(query: Fields, form: FieldForm): void {
  for (const name of Object.keys(query)) {
    refuseUnknownField(name, { source: 'query', form, others: namesBeside(form) });
    throw new ApiProblem('invalid_request', `${name}: with a JSON body the fields go into the body.`, {
      errors: [{ pointer: name, code: 'invalid', message: 'With a JSON body the fields go into the body.' }],
    });
  }
}
