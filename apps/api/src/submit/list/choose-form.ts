import { endpointOf, normaliseTarget } from '@linkhaul/schemas';
import { invalidRequest } from '../../problem.js';
import type { MediaType } from '../media-type.js';
import type { ListRules, RowSink } from '../submission.js';
import { CSV_FIELDS, formOfSets, parseCsvForm } from './csv-columns.js';
import { createCsvReader } from './csv-rows.js';
import type { IsTarget } from './looks-separated.js';
import { createNdjsonReader } from './ndjson-rows.js';
import type { ListReader } from './read-list.js';
import type { ListReport } from './report.js';
import { parseSeparator } from './separators.js';
import { createTextReader } from './text-rows.js';

/** Query parameters that say how a list is read. */
export const FORM_FIELDS = [...CSV_FIELDS, 'separator'] as const;

type Fields = Readonly<Record<string, string>>;

/** Makes the reader of a list once its submission, which says what a target is, is known. */
export type MakeReader = (sink: RowSink, submission: ListRules) => ListReader;

/** Chooses how a list is read, by media type and query. */
export function listForm({ type, header }: MediaType, query: Fields, report: ListReport): MakeReader {
  const separator = parseSeparator(query.separator);
  if (type === 'application/x-ndjson') {
    refuseForm(query, FORM_FIELDS);
    report.format('ndjson');
    return createNdjsonReader;
  }
  // Text with a separator is CSV.
  if (type === 'text/plain' && !separator) {
    refuseForm(query, CSV_FIELDS);
    report.format('text');
    return (sink, submission) => {
      const isMeant = separator === '' || takesSets(submission);
      return createTextReader(sink, isMeant ? null : { isTarget: targetTest(submission), onHint: report.hint });
    };
  }
  const form = parseCsvForm(query, header);
  report.format('csv');
  const usual = type === 'text/tab-separated-values' ? '\t' : null;
  return (sink, submission) =>
    createCsvReader(
      {
        form: takesSets(submission) ? formOfSets(form, query.column) : form,
        separator,
        usual,
        isTarget: targetTest(submission),
        onReading: report.columns,
        onHint: report.hint,
      },
      sink,
    );
}

/** The query without the parameters that say how a list is read. */
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

/** White space separates the members of a set, so that such a list never looks like columns. */
export function takesSets({ endpoint }: ListRules): boolean {
  return endpointOf(endpoint).kind === 'set';
}

/** Pages count as targets here: whether the endpoint takes pages does not matter for how the list is meant. */
function targetTest({ target_as: as, keep_www: keepWww }: ListRules): IsTarget {
  const rules = { as, keepWww, acceptsPages: true };
  return (text) => normaliseTarget(text, rules).ok;
}
