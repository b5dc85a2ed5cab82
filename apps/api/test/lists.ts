import type { InvalidCode } from '@linkhaul/schemas';
import { ApiProblem } from '../src/problem.js';
import { JOB_FIELDS, parseFields } from '../src/submit/fields/fields.js';
import { listForm } from '../src/submit/list/choose-form.js';
import { decodeText } from '../src/submit/list/decode.js';
import { type ListReader, readList } from '../src/submit/list/read-list.js';
import { createReport } from '../src/submit/list/report.js';
import { parseMediaType } from '../src/submit/media-type.js';
import type { InputRow, RowSink } from '../src/submit/submission.js';

/** Takes rows as they come; those that the reader itself finds invalid are apart, with their code. */
export function collect() {
  const rows: InputRow[] = [];
  const invalid: (InputRow & { readonly code: InvalidCode })[] = [];
  const sink: RowSink = {
    text: (row) => void rows.push(row),
    invalid: (row, code) => void invalid.push({ ...row, code }),
    ready: () => undefined,
  };
  return { rows, invalid, sink };
}

/** A body that comes in pieces which end at these places. */
export async function* inPieces(body: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const to of [...places].sort((a, b) => a - b)) {
    if (to > from && to < body.length) {
      yield body.subarray(from, to);
      from = to;
    }
  }
  if (from < body.length) yield body.subarray(from);
}

type MakeReader = (sink: RowSink) => ListReader;

/** A list as it is sent: its type and what the query says of its form. */
function sent(type: string, query: Record<string, string> = {}, fields: Record<string, unknown> = {}): MakeReader {
  const submission = parseFields({ endpoint: 'bulk_backlinks', ...fields }, JOB_FIELDS, {
    source: 'query',
    purpose: 'job',
  });
  const make = listForm(parseMediaType(type), query, createReport());
  return (sink) => make(sink, submission);
}

export const csv = (query: Record<string, string> = {}) => sent('text/csv', query);
export const text = sent('text/plain');
export const ndjson = sent('application/x-ndjson');

async function take(make: MakeReader, body: string | Buffer, places: readonly number[] = []) {
  const { sink, rows, invalid } = collect();
  const pieces = decodeText(inPieces(Buffer.from(body), places), { charset: null });
  const reader = make(sink);
  await readList(pieces, reader, sink);
  return { rows, invalid, reader };
}

export async function read(
  make: MakeReader,
  body: string | Buffer,
  places: readonly number[] = [],
): Promise<InputRow[]> {
  return (await take(make, body, places)).rows;
}

/** Each row as `line input`, with ` #id` where it has one. */
export async function lines(make: MakeReader, body: string | Buffer): Promise<string[]> {
  return (await read(make, body)).map(({ line, input, id }) => `${line} ${input}${id === null ? '' : ` #${id}`}`);
}

export async function refusal(
  make: MakeReader,
  body: string | Buffer,
  places: readonly number[] = [],
): Promise<ApiProblem> {
  const error = await read(make, body, places).catch((reason: unknown) => reason);
  if (error instanceof ApiProblem) return error;
  throw new Error('the list was taken');
}
