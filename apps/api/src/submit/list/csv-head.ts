import type { ApiProblem } from '../../problem.js';
import { type CsvColumns, type CsvForm, type CsvTexts, findColumns, MOST_TO_HEADER, noColumns } from './csv-columns.js';
import { faultInColumns } from './csv-faults.js';
import { type OddRow, oddRows } from './csv-oddities.js';
import { type CsvBeginning, type CsvSample, readSample } from './csv-sample.js';
import { hidesColumns, type IsTarget, isParameter, SHARE_ALIKE } from './looks-separated.js';
import { refusedLine } from './read-list.js';

/** How a CSV is read, found out from its first records. */
export interface CsvReading extends CsvColumns {
  readonly separator: string;
  /** The most fields of a record, without empty ones at its end: those of the header, or of the widest of the first records. */
  readonly width: number;
  /** The cells of the targets' column in the first records. */
  readonly cells: readonly string[];
  /** The line of the first of them. */
  readonly firstRow: number;
  /** Rows that were probably not meant as they are read. */
  readonly odd: readonly OddRow[];
}

interface HeadOptions {
  readonly form: CsvForm;
  /** The separators to try. If two fit equally well, the first is taken. */
  readonly separators: readonly string[];
  readonly isTarget: IsTarget;
}

/** The first records, read with one separator. */
interface Candidate {
  readonly reading: Omit<CsvReading, 'odd'>;
  /** Nearly all records have the same number of fields, more than one, and the second is no parameter of an address. */
  readonly separates: boolean;
}

interface Scored extends Candidate {
  readonly valid: number;
  readonly invalid: number;
}

/** The most characters that are examined before it is decided how to read a list. */
export const MAX_HEAD_LENGTH = 1024 * 1024;

/** The best way to read a list, by its first records; null if more text is needed or there are no records. */
export function readHead(beginning: CsvBeginning, options: HeadOptions): CsvReading | null {
  const samples = options.separators.map((separator) => readSample(separator, beginning));
  const isWhole = beginning.isLast || beginning.text.length > MAX_HEAD_LENGTH;
  if (!isWhole && samples.some(({ isOpen }) => isOpen)) return null;
  const candidates = samples.flatMap((sample) => {
    const columns = findColumns(options.form, sample.records);
    return columns === null ? [] : [{ reading: readingOf(sample, columns), separates: separates(sample, columns) }];
  });
  const reading = best(candidates, options);
  if (reading === null) return nothingFound(samples, { form: options.form, isCut: !beginning.isLast });
  const fault = faultInColumns(samples, { text: beginning.text, cells: reading.cells, isTarget: options.isTarget });
  if (fault !== null) throw fault;
  const { records } = samples.find(({ separator }) => separator === reading.separator) ?? { records: [] };
  return { ...reading, odd: oddRows(records, reading, options) };
}

interface Nothing {
  readonly form: CsvForm;
  /** Whether more text follows the examined part. */
  readonly isCut: boolean;
}

function nothingFound(samples: readonly CsvSample[], { form, isCut }: Nothing): null {
  const mostFields = ({ records }: CsvSample) => Math.max(0, ...records.map(({ texts }) => texts.length));
  // Quoted fields can be read with the right separator only: a fault found with another one means nothing.
  const [widest] = samples
    .filter(({ fault, records }) => fault === null && records.length > 0)
    .sort((a, b) => mostFields(b) - mostFields(a));
  if (widest !== undefined) {
    if (isCut && widest.records.length < MOST_TO_HEADER) throw blankHead(widest.records);
    throw noColumns(form, widest.records);
  }
  const fault = samples.find((sample) => sample.fault !== null)?.fault ?? null;
  if (fault !== null) throw fault;
  return null;
}

/** Records are short, so that so much text with so few records must be blank lines. */
function blankHead(records: readonly CsvTexts[]): ApiProblem {
  const line = records.at(-1)?.line ?? 1;
  return refusedLine(line + 1, {
    code: 'csv_column',
    detail: `No header was found before line ${line + 1}, and more than 1 MiB of blank lines follows: take them out.`,
  });
}

function readingOf({ separator, records }: CsvSample, columns: CsvColumns): Candidate['reading'] {
  const { header, target } = columns;
  const rows = header === null ? records : records.slice(records.findIndex(({ line }) => line === header.line) + 1);
  const measured =
    header === null ? records.slice(0, MOST_TO_HEADER) : records.filter(({ line }) => line === header.line);
  return {
    ...columns,
    separator,
    width: Math.max(1, ...measured.map(({ texts }) => widthOf(texts))),
    cells: rows.map(({ texts }) => texts[target] ?? ''),
    firstRow: rows[0]?.line ?? 1,
  };
}

/** The number of fields without empty ones at the end, as rows are measured too. */
function widthOf(texts: readonly string[]): number {
  return texts.findLastIndex((text) => text !== '') + 1;
}

function separates({ records }: CsvSample, { target }: CsvColumns): boolean {
  if (records.every(({ texts }) => isParameter(texts[target + 1] ?? ''))) return false;
  const counts = new Map<number, number>();
  for (const { texts } of records) counts.set(texts.length, (counts.get(texts.length) ?? 0) + 1);
  const alike = Math.max(0, ...[...counts].filter(([fields]) => fields > 1).map(([, count]) => count));
  return alike > 1 && alike >= SHARE_ALIKE * records.length;
}

/**
 * The candidate with the most valid targets; if equal, with the fewest invalid rows; then the one whose records have the same
 * width; then the first separator; then the one with the most columns.
 */
function best(candidates: readonly Candidate[], { isTarget }: HeadOptions): Candidate['reading'] | null {
  const scored = candidates.map((candidate) => score(candidate, candidates, isTarget));
  const [first] = scored;
  if (first === undefined || scored.every(({ valid }) => valid === 0)) return first?.reading ?? null;
  const isBetter = (a: Scored, b: Scored) =>
    b.valid - a.valid ||
    a.invalid - b.invalid ||
    Number(b.separates) - Number(a.separates) ||
    Number(b === first) - Number(a === first) ||
    b.reading.width - a.reading.width;
  return scored.reduce((a, b) => (isBetter(a, b) > 0 ? b : a)).reading;
}

/** A cell does not count as valid if another candidate's separator cuts it, and the whole list, into columns. */
function score(candidate: Candidate, all: readonly Candidate[], isTarget: IsTarget): Scored {
  const { cells } = candidate.reading;
  const others = candidate.separates ? [] : all.filter((other) => other !== candidate && other.separates);
  const tells = others.map(({ reading }) => reading.separator).filter((separator) => separator !== ',');
  const isWhole = (cell: string) => !tells.some((separator) => hidesColumns(separator, cell, isTarget));
  const valid = cells.filter((cell) => isTarget(cell) && isWhole(cell)).length;
  return { ...candidate, valid, invalid: cells.length - valid };
}
