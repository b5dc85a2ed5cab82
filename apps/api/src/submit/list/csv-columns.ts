import { nearest } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../../problem.js';

export const CSV_FIELDS = ['column', 'id_column', 'header'] as const;

/** Which columns hold the targets and their ids, each by name or by number from 1, and whether a record names them. */
export interface CsvForm {
  readonly column: string | number;
  readonly idColumn: string | number | null;
  readonly header: boolean | 'auto';
}

/** The fields of a record, as texts. */
export interface CsvTexts {
  readonly line: number;
  readonly texts: readonly string[];
}

/** Columns by position from 0. */
export interface CsvColumns {
  readonly target: number;
  readonly id: number | null;
  /** The record with their names; null if the first record is a row. */
  readonly header: CsvTexts | null;
}

/** If a column is given by name, the header is among this many records. */
export const MOST_TO_HEADER = 10;

/** Whether a CSV's first record is its header. */
export const headerChoice = z.enum(['auto', 'true', 'false']);

/** `header` of the media type counts if the query does not say. */
export function parseCsvForm(query: Readonly<Record<string, string>>, ofType?: 'absent' | 'present'): CsvForm {
  const column = parseColumn('column', query.column ?? '1');
  const idColumn = query.id_column === undefined ? null : parseColumn('id_column', query.id_column);
  const saidByType = ofType === undefined ? 'auto' : String(ofType === 'present');
  const parsed = headerChoice.safeParse(query.header ?? saidByType);
  if (!parsed.success) throw invalidRequest('header', 'must be auto, true or false');
  const named = typeof column === 'string' ? 'column' : 'id_column';
  const hasNames = typeof column === 'string' || typeof idColumn === 'string';
  if (parsed.data === 'false' && hasNames) {
    throw invalidRequest(named, 'must be a number from 1 where there is no header to name it');
  }
  // A column given by name means that the list has a header.
  if (hasNames || parsed.data === 'true') return { column, idColumn, header: true };
  return { column, idColumn, header: parsed.data === 'auto' ? 'auto' : false };
}

function parseColumn(name: string, text: string): string | number {
  if (text === '') throw invalidRequest(name, "must be a column's name, or its number from 1");
  if (!/^\d+$/.test(text)) return text;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw invalidRequest(name, 'must be a number from 1');
  return number;
}

/** A header's form, which no target has. A text with a dot or a slash is a row, at worst an invalid one. */
const HEADING = /^[\p{L}_][\p{L}\p{M}\p{Nd} _-]{0,63}$/u;

/** Finds the columns in a list's first records. If one is given by name, the header is the first record with all names. */
export function findColumns(form: CsvForm, records: readonly CsvTexts[]): CsvColumns | null {
  const names = [form.column, form.idColumn].filter((column) => typeof column === 'string');
  const hasAll = ({ texts }: CsvTexts) => names.every((name) => placeOf(texts, name) !== null);
  const first = names.length === 0 ? records[0] : records.slice(0, MOST_TO_HEADER).find(hasAll);
  if (first === undefined) return null;
  const target = placeOf(first.texts, form.column);
  const id = form.idColumn === null ? null : placeOf(first.texts, form.idColumn);
  if (target === null || (id === null && form.idColumn !== null)) return null;
  const isHeader = form.header === 'auto' ? HEADING.test((first.texts[target] ?? '').trim()) : form.header;
  return { target, id, header: isHeader ? first : null };
}

/** Null if there is no such column, or two have the name. */
function placeOf(texts: readonly string[], column: string | number): number | null {
  if (typeof column === 'number') return column <= texts.length ? column - 1 : null;
  const [place, second] = placesOf(texts, column);
  return second === undefined ? (place ?? null) : null;
}

function placesOf(texts: readonly string[], name: string): number[] {
  return texts.flatMap((text, place) => (text.trim() === name.trim() ? [place] : []));
}

/** Says which column was not found, and lists the columns of the list. */
export function noColumns({ column, idColumn }: CsvForm, records: readonly CsvTexts[]): ApiProblem {
  const head = records.slice(0, MOST_TO_HEADER);
  const isThere = (wanted: string | number) => head.some(({ texts }) => placeOf(texts, wanted) !== null);
  const [parameter, wanted] =
    idColumn !== null && isThere(column) ? (['id_column', idColumn] as const) : (['column', column] as const);
  const twice = head.find(({ texts }) => typeof wanted === 'string' && placesOf(texts, wanted).length > 1);
  const widest = head.reduce((a, b) => (b.texts.length > a.texts.length ? b : a), { line: 1, texts: [''] });
  const { line, texts } = twice ?? widest;
  const reason = twice === undefined ? missing(wanted, texts) : 'two columns have this name: give its number, from 1';
  const message = `${reason}. The columns of line ${line} are ${listed(texts)}.`;
  return new ApiProblem('invalid_request', `${parameter}: ${message}`, {
    errors: [{ line, pointer: parameter, code: 'csv_column', message }],
  });
}

function missing(wanted: string | number, texts: readonly string[]): string {
  if (typeof wanted === 'number') {
    // Other records have that column, only the first does not.
    const isTitle = wanted <= texts.length ? ' in the first record: if that is a title, name the column instead' : '';
    return `there is no column ${wanted}${isTitle}`;
  }
  const names = texts.map((text) => text.trim());
  const near = names.find((name) => name.toLowerCase() === wanted.trim().toLowerCase()) ?? nearest(wanted, names);
  const meant = near === null ? '' : `, did you mean \`${near}\`?`;
  return `none of the first ${MOST_TO_HEADER} records has a column \`${wanted}\`${meant}`;
}

const MOST_LISTED = 40;
const LONGEST_LISTED = 60;

function listed(texts: readonly string[]): string {
  const names = texts.slice(0, MOST_LISTED).map((text, at) => {
    const name = text.trim();
    return `${at + 1} \`${name.length > LONGEST_LISTED ? `${name.slice(0, LONGEST_LISTED)}…` : name}\``;
  });
  const more = texts.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
