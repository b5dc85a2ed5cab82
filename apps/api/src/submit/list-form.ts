import { normaliseTarget, type Submission } from '@linkhaul/schemas';
import { invalidRequest } from '../problem.js';
import { CSV_FIELDS, parseCsvForm } from './list/csv-columns.js';
import { createCsvReader } from './list/csv-rows.js';
import type { IsTarget } from './list/looks-separated.js';
import { createNdjsonReader } from './list/ndjson-rows.js';
import type { ListReader } from './list/read-list.js';
import { parseSeparator } from './list/separators.js';
import { createTextReader } from './list/text-rows.js';
import type { MediaType } from './media-type.js';
import type { RowSink } from './submission.js';

/** Names in the query that say how a list is read. */
export const FORM_FIELDS = [...CSV_FIELDS, 'separator'] as const;

type Fields = Readonly<Record<string, string>>;

/** Makes the reader of a list, once it is known what its job takes for a target. */
export type MakeReader = (sink: RowSink, submission: Submission) => ListReader;

/** How a list is read, by its type and the query. A CSV's header is told with its line, and null where the first record is a row. */
export function listForm(
  { type, header }: MediaType,
  query: Fields,
  onHeader: (line: number | null) => void,
): MakeReader {
  const separator = parseSeparator(query.separator);
  if (type === 'application/x-ndjson') {
    refuseForm(query, FORM_FIELDS);
    return createNdjsonReader;
  }
  // Text with something between its columns is CSV.
  if (type === 'text/plain' && !separator) {
    refuseForm(query, CSV_FIELDS);
    return (sink, submission) => createTextReader(sink, separator === '' ? null : targetTest(submission));
  }
  const form = parseCsvForm(query, header);
  const usual = type === 'text/tab-separated-values' ? '\t' : null;
  return (sink, submission) =>
    createCsvReader(
      {
        form,
        separator,
        usual,
        isTarget: targetTest(submission),
        onReading: (reading) => onHeader(reading.header?.line ?? null),
      },
      sink,
    );
}

/** The query without what says how a list is read. */
export function withoutForm(query: Fields): Fields {
  const isOfJob = ([name]: [string, string]) => !FORM_FIELDS.some((field) => field === name);
  return Object.fromEntries(Object.entries(query).filter(isOfJob));
}

export function refuseForm(query: Fields, names: readonly string[]): void {
  const name = names.find((field) => query[field] !== undefined);
  if (name !== undefined) {
    throw invalidRequest(name, 'goes with Content-Type: text/csv, or with text/plain and separator=');
  }
}

/** Pages too: whether the endpoint takes them is another question than how the list is meant. */
function targetTest({ target_as: as, keep_www: keepWww }: Submission): IsTarget {
  const rules = { as, keepWww, acceptsPages: true };
  return (text) => normaliseTarget(text, rules).ok;
}
