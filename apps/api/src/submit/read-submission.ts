import type { Submission } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { AppEnv } from '../services.js';
import { readBody } from './body.js';
import { CSV_FIELDS, parseCsvForm } from './csv-columns.js';
import { createCsvReader } from './csv-rows.js';
import { type Purpose, parseFields, refuseUnknownField } from './fields.js';
import { readJsonBody } from './json-body.js';
import { createNdjsonReader } from './ndjson-rows.js';
import type { FieldSource } from './pointers.js';
import { fieldsFromQuery } from './query-fields.js';
import { type ListReader, readList } from './read-list.js';
import { sourceOf } from './rows-of-json.js';
import type { RowSink, RowSource } from './submission.js';
import { createTextReader } from './text-rows.js';

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
  const type = bodyType(c.req.header('content-type') ?? '');
  if (type === 'application/json') {
    refuseCsvFields(query);
    refuseFields(query);
    const { fields, rows } = await readJsonBody(body());
    return { submission: parseFields(fields, { source: 'json', purpose }), rows: sourceOf(rows), source: 'json' };
  }
  const { reader, fields } = listForm(type, query, (line) => {
    c.header('x-linkhaul-csv-header', line === null ? 'none' : `line ${line}`);
  });
  return {
    submission: parseFields(fieldsFromQuery(fields, NAMES_BESIDE), { source: 'query', purpose }),
    rows: (sink) => readList(body(), reader(sink), sink),
    source: 'query',
  };
}

/** What the query of a list may have besides the fields of a submission. */
const NAMES_BESIDE = [...CSV_FIELDS, 'wait_ms'];

interface ListForm {
  readonly reader: (sink: RowSink) => ListReader;
  /** The query without what says how the list is read. */
  readonly fields: Fields;
}

/** How a list is read. A CSV's header is told with its line, and null where the first record is a row. */
function listForm(type: string, query: Fields, onHeader: (line: number | null) => void): ListForm {
  if (type !== 'text/csv') refuseCsvFields(query);
  if (type === 'text/plain') return { reader: createTextReader, fields: query };
  if (type === 'application/x-ndjson') return { reader: createNdjsonReader, fields: query };
  const form = parseCsvForm(query);
  const isOfJob = ([name]: [string, string]) => !CSV_FIELDS.some((field) => field === name);
  const fields = Object.fromEntries(Object.entries(query).filter(isOfJob));
  return { reader: (sink) => createCsvReader(form, sink, onHeader), fields };
}

async function* seen(body: AsyncIterable<Buffer>, onBytes: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    onBytes(chunk);
    yield chunk;
  }
}

const TYPES = ['application/json', 'text/plain', 'text/csv', 'application/x-ndjson'];

function bodyType(header: string): string {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw new ApiProblem('unsupported_media_type', `${charset} is not taken: convert the list to UTF-8.`);
  }
  if (TYPES.includes(type)) return type;
  const said = type === '' ? 'No content type was sent' : `${type} is not taken`;
  throw new ApiProblem(
    'unsupported_media_type',
    `${said}: use curl's --data-binary @FILE with -H 'Content-Type: text/plain' for a target a line, -H 'Content-Type: text/csv', -H 'Content-Type: application/x-ndjson', or -H 'Content-Type: application/json'.`,
  );
}

function refuseCsvFields(query: Fields): void {
  const name = CSV_FIELDS.find((field) => query[field] !== undefined);
  if (name !== undefined) throw invalidRequest(name, 'goes with Content-Type: text/csv');
}

function refuseFields(query: Fields): void {
  for (const name of Object.keys(query)) {
    refuseUnknownField(name, { source: 'query', others: NAMES_BESIDE });
    throw new ApiProblem('invalid_request', `${name}: with a JSON body the fields go into the body.`, {
      errors: [{ pointer: name, code: 'invalid', message: 'With a JSON body the fields go into the body.' }],
    });
  }
}
