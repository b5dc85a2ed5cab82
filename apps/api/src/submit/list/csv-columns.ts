import { nearest, trimRow } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../../problem.js';
import { firstError } from '../../request/field-errors.js';

const columnName = z
  .string()
  .min(1, "must be a column's name, or its number from 1")
  .refine((text) => !isNumber(text) || isPlace(Number(text)), 'must be a number from 1');

/** The query parameters of a CSV, as the documentation shows them. */
export const csvParameters = {
  column: columnName
    .default('1')
    .describe(
      'CSV only: the column of the targets, by name or by number from 1. If it is a name, the header is the first record with that name, among the first ten.',
    ),
  id_column: columnName.optional().describe('CSV only: the column of the ids, by name or number.'),
  header: z
    .enum(['auto', 'true', 'false'], { error: 'must be auto, true or false' })
    .default('auto')
    .describe(
      'CSV only. `auto`: the first record is the header if its field in the column is up to 64 letters, digits, spaces, `_` and `-`, and begins with a letter or `_`. `input` of the answer tells how the list was read.',
    ),
};

const csvQuery = z.object(csvParameters);

export const CSV_FIELDS = csvQuery.keyof().options;

/** Which columns hold the targets and their ids, each by name or by number from 1, and whether a record is a header. */
export interface CsvForm {
  readonly column: string | number;
  readonly idColumn: string | number | null;
  readonly header: boolean | 'auto';
  /** Set if each record is a set of targets. Its members are in the columns `target_1`, `target_2`, …, `exclude_1`, … */
  readonly isOfSets?: true;
}

/** The column of one member of a set. */
interface MemberColumn {
  readonly place: number;
  readonly isExcluded: boolean;
}

const FIRST_TARGET = 'target_1';
const MEMBER = /^(target|exclude)_([1-9]\d*)$/;

/** How a CSV of sets is read: its header names the members' columns. */
export function formOfSets(form: CsvForm, given: string | undefined): CsvForm {
  if (given !== undefined) {
    throw invalidRequest(
      'column',
      'does not go with sets: their members stand in the columns target_1, target_2, …, exclude_1, …',
    );
  }
  return { ...form, column: FIRST_TARGET, header: true, isOfSets: true };
}

/** The columns of a set's members: its targets by number, then its excluded ones. */
function membersIn(texts: readonly string[]): readonly MemberColumn[] {
  return texts
    .flatMap((text, place) => {
      const [, kind, number] = MEMBER.exec(trimRow(text)) ?? [];
      return kind === undefined ? [] : [{ place, isExcluded: kind === 'exclude', number: Number(number) }];
    })
    .sort((a, b) => Number(a.isExcluded) - Number(b.isExcluded) || a.number - b.number);
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
  /** The record with the columns' names; null if the first record is a row. */
  readonly header: CsvTexts | null;
  /** Null if each record has one target. */
  readonly members: readonly MemberColumn[] | null;
}

/** If a column is given by name, the header is among this many records. */
export const MOST_TO_HEADER = 10;

/** `header` of the media type counts if the query does not say. */
export function parseCsvForm(query: Readonly<Record<string, string>>, ofType?: 'absent' | 'present'): CsvForm {
  const saidByType = ofType === undefined ? 'auto' : String(ofType === 'present');
  const { data, error } = csvQuery.safeParse({ ...query, header: query.header ?? saidByType });
  if (error !== undefined) throw firstError(error);
  const column = columnOf(data.column);
  const idColumn = data.id_column === undefined ? null : columnOf(data.id_column);
  const parameter = typeof column === 'string' ? 'column' : 'id_column';
  const hasNames = typeof column === 'string' || typeof idColumn === 'string';
  if (data.header === 'false' && hasNames) {
    throw invalidRequest(parameter, 'must be a number from 1 where there is no header to name it');
  }
  // A column given by name means that the list has a header.
  if (hasNames || data.header === 'true') return { column, idColumn, header: true };
  return { column, idColumn, header: data.header === 'auto' ? 'auto' : false };
}

function columnOf(text: string): string | number {
  return isNumber(text) ? Number(text) : text;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function isPlace(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 1;
}

/** What a header looks like. A text with a dot or a slash is a row, even if an invalid one. */
const HEADING = /^[\p{L}_][\p{L}\p{M}\p{Nd} _-]{0,63}$/u;

/** Finds the columns in a list's first records. If a column is given by name, the header is the first record with all the names. */
export function findColumns(form: CsvForm, records: readonly CsvTexts[]): CsvColumns | null {
  const names = [form.column, form.idColumn].filter((column) => typeof column === 'string');
  const hasAll = ({ texts }: CsvTexts) => names.every((name) => placeOf(texts, name) !== null);
  const first = names.length === 0 ? records[0] : records.slice(0, MOST_TO_HEADER).find(hasAll);
  if (first === undefined) return null;
  const target = placeOf(first.texts, form.column);
  const id = form.idColumn === null ? null : placeOf(first.texts, form.idColumn);
  if (target === null || (id === null && form.idColumn !== null)) return null;
  const isHeader = form.header === 'auto' ? HEADING.test(trimRow(first.texts[target] ?? '')) : form.header;
  const members = form.isOfSets === true ? membersIn(first.texts) : null;
  return { target, id, header: isHeader ? first : null, members };
}

/** Null if there is no such column, or two have the name. */
function placeOf(texts: readonly string[], column: string | number): number | null {
  if (typeof column === 'number') return column <= texts.length ? column - 1 : null;
  const [place, second] = placesOf(texts, column);
  return second === undefined ? (place ?? null) : null;
}

function placesOf(texts: readonly string[], name: string): number[] {
  return texts.flatMap((text, place) => (trimRow(text) === trimRow(name) ? [place] : []));
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
  const reason = twice === undefined ? missing(wanted, texts) : 'two columns have this name: give its number, from 1.';
  const message = `${reason} The columns of line ${line} are ${listed(texts)}.`;
  return new ApiProblem('invalid_request', `${parameter}: ${message}`, {
    errors: [{ line, pointer: parameter, code: 'csv_column', message }],
  });
}

function missing(wanted: string | number, texts: readonly string[]): string {
  if (typeof wanted === 'number') {
    // Other records have that column, only the first does not.
    const isTitle = wanted <= texts.length ? ' in the first record: if that is a title, name the column instead' : '';
    return `there is no column ${wanted}${isTitle}.`;
  }
  const names = texts.map(trimRow);
  const near = names.find((name) => name.toLowerCase() === trimRow(wanted).toLowerCase()) ?? nearest(wanted, names);
  const meant = near === null ? '.' : `: did you mean \`${near}\`?`;
  return `none of the first ${MOST_TO_HEADER} records has a column \`${wanted}\`${meant}`;
}

const MOST_LISTED = 40;
const LONGEST_LISTED = 60;

function listed(texts: readonly string[]): string {
  const names = texts.slice(0, MOST_LISTED).map((text, at) => {
    const name = trimRow(text);
    return `${at + 1} \`${name.length > LONGEST_LISTED ? `${name.slice(0, LONGEST_LISTED)}…` : name}\``;
  });
  const more = texts.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
