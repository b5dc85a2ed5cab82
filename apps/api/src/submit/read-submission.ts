import type { Submission } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { ApiProblem, notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';
import { readBody } from './body.js';
import { type Purpose, parseFields, refuseUnknownField } from './fields.js';
import { readJsonBody } from './json-body.js';
import type { FieldSource } from './pointers.js';
import { fieldsFromQuery } from './query-fields.js';
import { inBatches, type RowBatches } from './submission.js';
import { readTextRows } from './text-rows.js';

interface ReadSubmission {
  readonly submission: Submission;
  readonly batches: RowBatches;
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
  switch (bodyType(c.req.header('content-type') ?? '')) {
    case 'application/json': {
      refuseFields(query);
      const { fields, rows } = await readJsonBody(body());
      return { submission: parseFields(fields, { source: 'json', purpose }), batches: inBatches(rows), source: 'json' };
    }
    case 'text/plain':
      return {
        submission: parseFields(fieldsFromQuery(query), { source: 'query', purpose }),
        batches: readTextRows(body()),
        source: 'query',
      };
    case 'text/csv':
      throw notAvailable('the body type text/csv');
    default:
      throw notAvailable('the body type application/x-ndjson');
  }
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
    `${said}: use -H 'Content-Type: application/json', or -H 'Content-Type: text/plain' --data-binary @list.txt with a target a line.`,
  );
}

function refuseFields(query: Fields): void {
  for (const name of Object.keys(query)) {
    refuseUnknownField(name, { source: 'query' });
    throw new ApiProblem('invalid_request', `${name}: with a JSON body the fields go into the body.`, {
      errors: [{ pointer: name, code: 'invalid', message: 'With a JSON body the fields go into the body.' }],
    });
  }
}
