import type { Submission } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';
import { readBody } from './body.js';
import { type Purpose, parseFields, refuseUnknownField } from './fields.js';
import { readJsonBody } from './json-body.js';
import { decodeText } from './list/decode.js';
import { readList } from './list/read-list.js';
import { FORM_FIELDS, listForm, refuseForm, withoutForm } from './list-form.js';
import { parseMediaType } from './media-type.js';
import type { FieldSource } from './pointers.js';
import { fieldsFromQuery } from './query-fields.js';
import { sourceOf } from './rows-of-json.js';
import type { RowSource } from './submission.js';

interface ReadSubmission {
  readonly submission: Submission;
  readonly rows: RowSource;
  readonly source: FieldSource;
}

type Fields = Readonly<Record<string, string>>;

interface ReadingOptions {
  readonly purpose: Purpose;
  /** Sees all of the body's decoded bytes. */
  readonly onBytes?: (chunk: Buffer) => void;
}

/** A submission by the type of its body. Fields in the query are judged before the body is read. */
export async function readSubmission(
  c: Context<AppEnv>,
  query: Fields,
  { purpose, onBytes = () => undefined }: ReadingOptions,
): Promise<ReadSubmission> {
  const body = () => seen(readBody(c.env.incoming, c.req.header('content-encoding')), onBytes);
  const media = parseMediaType(c.req.header('content-type') ?? '');
  if (media.type === 'application/json') {
    refuseForm(query, FORM_FIELDS);
    refuseFields(query);
    const { fields, rows } = await readJsonBody(decodeText(body(), media));
    return { submission: parseFields(fields, { source: 'json', purpose }), rows: sourceOf(rows), source: 'json' };
  }
  const makeReader = listForm(media, query, (line) => {
    c.header('x-linkhaul-csv-header', line === null ? 'none' : `line ${line}`);
  });
  const fields = fieldsFromQuery(withoutForm(query), NAMES_BESIDE);
  const submission = parseFields(fields, { source: 'query', purpose });
  const rows: RowSource = (sink) => readList(decodeText(body(), media), makeReader(sink, submission), sink);
  return { submission, rows, source: 'query' };
}

/** What the query of a list may have besides the fields of a submission. */
const NAMES_BESIDE = [...FORM_FIELDS, 'wait_ms'];

async function* seen(body: AsyncIterable<Buffer>, onBytes: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    onBytes(chunk);
    yield chunk;
  }
}

function refuseFields(query: Fields): void {
  for (const name of Object.keys(query)) {
    refuseUnknownField(name, { source: 'query', others: NAMES_BESIDE });
    throw new ApiProblem('invalid_request', `${name}: with a JSON body the fields go into the body.`, {
      errors: [{ pointer: name, code: 'invalid', message: 'With a JSON body the fields go into the body.' }],
    });
  }
}
