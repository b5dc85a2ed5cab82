import { MAX_ID_LENGTH } from '../json-target.js';
import type { RowSink } from '../submission.js';
import { type CsvForm, missingColumn } from './csv-columns.js';
import { type CsvReading, MAX_HEAD_LENGTH, readHead } from './csv-head.js';
import { type CsvRecord, CsvRecords, fieldOf, widthOf } from './csv-records.js';
import { isBlankRecord } from './csv-trial.js';
import { hiddenSeparator, type IsTarget, looksSeparated } from './looks-separated.js';
import { type ListReader, MAX_LINE_LENGTH, refusedLine } from './read-list.js';
import { SEPARATORS, separatorLine } from './separators.js';

export interface CsvOptions {
  readonly form: CsvForm;
  /** What the request says; null where the list is to show it. */
  readonly separator: string | null;
  /** What lists of this type have unless they say otherwise themselves; null where it is to be found out. */
  readonly usual: string | null;
  readonly isTarget: IsTarget;
  /** Told how the list is read, once that is known. */
  readonly onReading: (reading: CsvReading) => void;
}

/** How the rest of a list is read, and how many characters of its beginning are no record. */
interface Begun {
  readonly records: CsvRecords;
  readonly reading: CsvReading | null;
  readonly from: number;
}

/** A target a record, in one of its columns; blank lines are counted and passed over, and so is what stands above a header. */
export function createCsvReader(options: CsvOptions, sink: RowSink): ListReader {
  const passed = { blank: 0, comments: 0 };
  let begun: Begun | null = null;
  let looked = 0;

  /** Looks again only when there is twice as much, so that a list in small pieces is not read time and again. */
  const tryToBegin = (text: string, isLast: boolean): Begun | null => {
    if (!isLast && text.length < 2 * looked) return null;
    looked = text.length;
    return begin(text, isLast, options);
  };
  const take = (record: CsvRecord, reading: CsvReading | null) => {
    if (isBlankRecord(record)) passed.blank++;
    else if (reading !== null && record.line > (reading.header?.line ?? 0)) takeRow(record, reading, sink);
  };
  return {
    get line() {
      return begun?.records.line ?? 1;
    },
    get mostHeld() {
      return begun === null ? MAX_HEAD_LENGTH + MAX_LINE_LENGTH : MAX_LINE_LENGTH;
    },
    passed,
    read(text, isLast) {
      let at = 0;
      if (begun === null) {
        begun = tryToBegin(text, isLast);
        if (begun === null) return 0;
        at = begun.from;
      }
      const { records, reading } = begun;
      while (at < text.length) {
        const next = records.next(text, at, isLast);
        if (next === -1) break;
        at = next;
        take(records.record, reading);
      }
      return at;
    },
  };
}

/** Null while more of the text is needed to tell how it is read. */
function begin(text: string, isLast: boolean, options: CsvOptions): Begun | null {
  const said = separatorLine(text);
  // What may go on is not a whole line yet.
  if (!isLast && said?.length === text.length) return null;
  const separator = options.separator ?? said?.separator ?? options.usual;
  const separators = separator === null ? SEPARATORS : [separator];
  const firstLine = said === null ? 1 : 2;
  const from = said?.length ?? 0;
  const reading = readHead({ text: text.slice(from), firstLine, isLast }, { ...options, separators });
  if (reading === null && !isLast) return null;
  const isMeant = options.separator !== null || said !== null;
  if (reading !== null) {
    if (!isMeant) refuseHiddenColumns(reading, options.isTarget);
    options.onReading(reading);
  }
  const [first = ','] = separators;
  return { records: new CsvRecords({ separator: reading?.separator ?? first, firstLine }), reading, from };
}

function refuseHiddenColumns({ cells, firstRow }: CsvReading, isTarget: IsTarget): void {
  const hidden = hiddenSeparator(cells, isTarget);
  if (hidden !== null) throw looksSeparated(hidden, firstRow);
}

function takeRow(record: CsvRecord, { target, id, width }: CsvReading, sink: RowSink): void {
  const { line, fields } = record;
  const last = Math.max(target, id ?? 0);
  if (last >= fields) throw missingColumn(line, target >= fields ? target : last);
  const row = { line, input: fieldOf(record, target), id: id === null ? null : idOf(fieldOf(record, id), line) };
  if (fields <= width || widthOf(record) <= width) sink.text(row);
  // Whole, so that it shows what was cut where.
  else sink.invalid({ ...row, input: record.text.slice(record.from, record.to) }, 'too_many_fields');
}

/** No text is no id. */
function idOf(text: string, line: number): string | null {
  if (text.length > MAX_ID_LENGTH) {
    throw refusedLine(line, {
      code: 'invalid',
      detail: `The id on line ${line} is longer than ${MAX_ID_LENGTH} characters.`,
    });
  }
  return text === '' ? null : text;
}
