import { nearest } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';

export const CSV_FIELDS = ['column', 'id_column', 'header'] as const;

/** Which columns hold the targets and their ids, each by name or by number from 1, and whether the first record names them. */
export interface CsvForm {
  readonly column: string | number;
  readonly idColumn: string | number | null;
  readonly header: boolean | 'auto';
}

/** Columns by position from 0. */
export interface CsvColumns {
  readonly target: number;
  readonly id: number | null;
  readonly hasHeader: boolean;
}

const header = z.enum(['auto', 'true', 'false']);

export function parseCsvForm(query: Readonly<Record<string, string>>): CsvForm {
  const column = parseColumn('column', query.column ?? '1');
  const idColumn = query.id_column === undefined ? null : parseColumn('id_column', query.id_column);
  const parsed = header.safeParse(query.header ?? 'auto');
  if (!parsed.success) throw invalidRequest('header', 'must be auto, true or false');
  const named = typeof column === 'string' ? 'column' : 'id_column';
  const hasNames = typeof column === 'string' || typeof idColumn === 'string';
  if (parsed.data === 'false' && hasNames) {
    throw invalidRequest(named, 'must be a number from 1 where there is no header to name it');
  }
  // Who names a column says that the first record has names.
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

/** Finds the columns in the first record, which begins on this line. */
export function findColumns(form: CsvForm, first: readonly string[], line: number): CsvColumns {
  const find = (name: string, column: string | number) => {
    const at = typeof column === 'number' ? column - 1 : named(first, { name, column, line });
    if (at >= first.length) throw missingColumn(line, at);
    return at;
  };
  const target = find('column', form.column);
  const id = form.idColumn === null ? null : find('id_column', form.idColumn);
  return { target, id, hasHeader: form.header === 'auto' ? HEADING.test((first[target] ?? '').trim()) : form.header };
}

/** No target has this form: what holds a dot, a slash or the like is a row, and shows among the invalid ones at worst. */
const HEADING = /^[\p{L}_][\p{L}\p{M}\p{Nd} _-]{0,63}$/u;

function named(
  first: readonly string[],
  { name, column, line }: { name: string; column: string; line: number },
): number {
  const names = first.map((text) => text.trim());
  const at = names.indexOf(column.trim());
  if (at !== -1 && names.indexOf(column.trim(), at + 1) === -1) return at;
  const near = nearest(column, names);
  const message =
    at === -1
      ? `no column of line ${line} is named so${near === null ? '' : `, did you mean \`${near}\`?`}`
      : `line ${line} has two columns of this name: give its number, from 1`;
  throw new ApiProblem('invalid_request', `${name}: ${message}`, {
    errors: [{ line, pointer: name, code: 'csv_column', message }],
  });
}

/** A record that ends before a column that is asked for, by its position. */
export function missingColumn(line: number, at: number): ApiProblem {
  const detail = `The record on line ${line} has no column ${at + 1}: quote fields that hold commas, or choose another column.`;
  return new ApiProblem('invalid_request', detail, {
    errors: [{ line, code: 'csv_column', message: `There is no column ${at + 1} here.` }],
  });
}
