import { type ListRecord, namedSeparator, recordsOf } from './records.js';

export type ListFormat = 'text' | 'csv' | 'ndjson';

/** How the page would read a list, before the service has read it. */
export interface Guess {
  readonly format: ListFormat;
  /** The separator character of a table. */
  readonly separator: string;
  /** The line of the header; null if there is none. */
  readonly header: number | null;
  /** The targets' column: its name if that is unique, otherwise its number from 1. */
  readonly column: string | number;
  /** The same column's position, from 0. */
  readonly place: number;
}

const SEPARATORS = [',', ';', '\t', '|'];
const LOOKED_AT = 50;
/** The service looks for a header among this many records. */
const HEADER_WITHIN = 10;
const TARGET = /^(?:(?:sc-)?domain:)?(?:https?:\/\/\S+|(?:[\p{L}\p{N}_-]+\.)+(?:\p{L}{2,}|xn--[a-z0-9-]+)\.?)$/iu;
const HEADING = /^[\p{L}_][\p{L}\p{M}\p{N} _()/%#.-]*$/u;

/** Whether a text looks like a domain or a page. */
export function looksLikeTarget(text: string): boolean {
  return TARGET.test(text.trim());
}

/** The form of a list, by the name of its file, or by its content if the name does not tell. */
export function formatOf(name: string | null, text: string): ListFormat {
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? '';
  if (['csv', 'tsv', 'tab'].includes(extension)) return 'csv';
  if (['ndjson', 'jsonl', 'json'].includes(extension)) return 'ndjson';
  const lines = recordsOf(text, { separator: '', most: LOOKED_AT }).map(({ fields }) => fields[0] ?? '');
  if (lines.length > 0 && lines.every((line) => /^\s*(\{.*\}|".*")\s*$/.test(line))) return 'ndjson';
  return looksLikeTable(text) ? 'csv' : 'text';
}

/**
 * Commas are common in addresses, so almost every row must hold a target. No address holds a tab. The first column of a spreadsheet
 * may be a number, and then the service does not look for further columns. It finds other separators by itself.
 */
function looksLikeTable(text: string): boolean {
  if (namedSeparator(text) !== null) return true;
  return isTable(text, ',', (rows) => rows - 1) || isTable(text, '\t', (rows) => rows / 2);
}

function isTable(text: string, separator: string, leastTargets: (rows: number) => number): boolean {
  const records = recordsOf(text, { separator, most: LOOKED_AT });
  const width = records[0]?.fields.length ?? 1;
  const isEven = records.length > 1 && width > 1 && records.every(({ fields }) => fields.length === width);
  return isEven && bestColumn(records).targets >= leastTargets(records.length) && !records.every(isOnlyTargets);
}

function isOnlyTargets({ fields }: ListRecord): boolean {
  return fields.every(looksLikeTarget);
}

/** The probable layout of a table. */
export function guessTable(text: string, separator: string | null = null): Omit<Guess, 'format'> {
  const known = separator ?? namedSeparator(text);
  const candidates = known === null ? SEPARATORS : [known];
  const tried = candidates.map((one) => {
    const records = recordsOf(text, { separator: one, most: LOOKED_AT });
    return { separator: one, records, ...bestColumn(records), width: widthOf(records) };
  });
  const best = tried.reduce((a, b) =>
    b.targets > a.targets || (b.targets === a.targets && b.width > a.width) ? b : a,
  );
  const header = headerOf(best.records);
  return {
    separator: best.separator,
    header: header?.line ?? null,
    column: columnName(header, best.column),
    place: best.column,
  };
}

/** A column's name if no other column has it, otherwise its number from 1. */
export function columnName(header: ListRecord | null, place: number): string | number {
  const names = (header?.fields ?? []).map((name) => name.trim());
  const name = names[place] ?? '';
  const isOwn = name !== '' && !/^\d+$/.test(name) && names.filter((one) => one === name).length === 1;
  return isOwn ? name : place + 1;
}

/** The record with the columns' names: it is among the first, as wide as the table, and no cell of it is a target. */
export function headerOf(records: readonly ListRecord[]): ListRecord | null {
  const width = widthOf(records);
  const first = records.slice(0, HEADER_WITHIN).find(({ fields }) => fields.length === width);
  const isHeader = first?.fields.every((field) => field.trim() === '' || HEADING.test(field.trim()));
  return first !== undefined && isHeader && !first.fields.some(looksLikeTarget) ? first : null;
}

export function widthOf(records: readonly ListRecord[]): number {
  return records.reduce((widest, { fields }) => Math.max(widest, fields.length), 0);
}

/** The column with the most targets; the first of them if there are several. */
function bestColumn(records: readonly ListRecord[]): { column: number; targets: number } {
  const counts = Array.from({ length: widthOf(records) }, (_, place) =>
    records.reduce((sum, { fields }) => sum + Number(looksLikeTarget(fields[place] ?? '')), 0),
  );
  const targets = Math.max(0, ...counts);
  return { column: Math.max(0, counts.indexOf(targets)), targets };
}
