import { type InputReport, type InvalidCode, normaliseTarget } from '@linkhaul/schemas';
import { ApiProblem } from '../src/problem.js';
import { unpack } from '../src/request/unpack.js';
import { JOB_FIELDS, parseFields } from '../src/submit/fields/fields.js';
import { listForm } from '../src/submit/list/choose-form.js';
import { decodeText } from '../src/submit/list/decode.js';
import { refuseOtherForms } from '../src/submit/list/other-forms.js';
import { readList } from '../src/submit/list/read-list.js';
import { createReport } from '../src/submit/list/report.js';
import { parseMediaType } from '../src/submit/media-type.js';
import type { InputRow } from '../src/submit/submission.js';
import { collect, inPieces } from './lists.js';

/** A list as a client sends it. */
export interface SentList {
  readonly type: string;
  readonly query?: Record<string, string>;
  readonly body: string | Buffer;
  /** Where the body is cut on its way. */
  readonly places?: readonly number[];
}

interface ReadRow extends InputRow {
  /** Of a row that the reader finds invalid. */
  readonly code?: InvalidCode;
}

const RULES = { as: 'given', keepWww: false, acceptsPages: true } as const;

/** Reads a list as a submission is read, from its bytes to its rows. */
export async function readSent({ type, query = {}, body, places = [] }: SentList): Promise<{
  rows: ReadRow[];
  report: InputReport;
}> {
  const media = parseMediaType(type);
  const report = createReport();
  const submission = parseFields({ endpoint: 'bulk_pages_summary' }, JOB_FIELDS, { source: 'query', purpose: 'job' });
  const make = listForm(media, query, report);
  const { sink, rows, invalid } = collect();
  const bytes = unpack(inPieces(Buffer.from(body), places), { isPacked: false, chunkSize: 64 * 1024 });
  const reader = make(sink, submission);
  const text = decodeText(bytes, { charset: media.charset, onEncoding: report.encoding });
  await readList(
    refuseOtherForms(text, { isNdjson: media.type === 'application/x-ndjson', isOfSets: false }),
    reader,
    sink,
  );
  report.lines(reader);
  for (const row of rows) {
    const normalised = normaliseTarget(row.input, RULES);
    if (normalised.ok) report.valid(row, normalised);
    else report.invalid(row, normalised.code);
  }
  for (const { code, ...row } of invalid) report.invalid(row, code);
  return { rows: [...rows, ...invalid].sort((a, b) => a.line - b.line), report: report.view() };
}

/** Each row as `line input`, with its code where the reader finds it invalid. */
export async function linesOf(list: SentList): Promise<string[]> {
  return (await readSent(list)).rows.map(({ line, input, code }) => `${line} ${input}${code ? ` !${code}` : ''}`);
}

export async function refusalOf(list: SentList): Promise<ApiProblem> {
  const error = await readSent(list).catch((reason: unknown) => reason);
  if (error instanceof ApiProblem) return error;
  throw new Error('the list was taken');
}

export const utf16 = (text: string, order: 'le' | 'be' = 'le') => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};
