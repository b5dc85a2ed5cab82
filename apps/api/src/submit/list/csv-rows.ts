import type { HintCode } from '@linkhaul/schemas';
import { MAX_ID_LENGTH } from '../json/json-target.js';
import { excluded, rowOfSet } from '../sets.js';
import type { RowSink } from '../submission.js';
import type { CsvForm } from './csv-columns.js';
import { type CsvReading, MAX_HEAD_LENGTH, readHead } from './csv-head.js';
import { type CsvRecord, CsvRecords, fieldOf, widthOf } from './csv-records.js';
import { type CsvBeginning, isBlankRecord } from './csv-sample.js';
import { createTop } from './csv-top.js';
import { hiddenSeparator, type IsTarget, looksSeparated } from './looks-separated.js';
import { LINES_LOST, type ListReader, MAX_LINE_LENGTH, refusedLine } from './read-list.js';
import { SEPARATORS } from './separators.js';

export interface CsvOptions {
  readonly form: CsvForm;
  /** The separator that the request names; null if the list decides. */
  readonly separator: string | null;
  /** The usual separator of this media type, unless the list names another; null if there is none. */
  readonly usual: string | null;
  readonly isTarget: IsTarget;
  /** Told how the list is read, once that is known. */
  readonly onReading: (reading: CsvReading) => void;
  /** Told of a row with odd quotes. */
  readonly onHint: (line: number, code: HintCode) => void;
}

/** The reader of the list, once its form is known. */
interface Begun {
  readonly records: CsvRecords;
  readonly reading: CsvReading | null;
}

/** Takes one target from each record. Blank lines are counted and skipped; records above the header are skipped. */
export function createCsvReader(options: CsvOptions, sink: RowSink): ListReader {
  const top = createTop();
  let begun: Begun | null = null;
  let looked = 0;
  let rows = 0;

  /** Tries again only when the text has doubled or reached its limit, so that a list in small pieces is not read many times. */
  const tryToBegin = (text: string, isLast: boolean): Begun | null => {
    if (!isLast && text.length < Math.min(2 * looked, MAX_HEAD_LENGTH + 1)) return null;
    looked = text.length;
    return begin({ text, firstLine: top.line, isLast }, { ...options, said: top.separator });
  };
  const take = (record: CsvRecord, reading: CsvReading | null) => {
    if (isBlankRecord(record)) top.passed.blank++;
    else if (reading !== null && record.line > (reading.header?.line ?? 0)) {
      if (record.hint !== null) options.onHint(record.line, record.hint);
      takeRow(record, reading, sink);
      rows++;
    }
  };
  return {
    get line() {
      return begun?.records.line ?? top.line;
    },
    get mostHeld() {
      return begun === null ? MAX_HEAD_LENGTH + MAX_LINE_LENGTH : MAX_LINE_LENGTH;
    },
    passed: top.passed,
    read(text, isLast) {
      let at = 0;
      if (begun === null) {
        at = top.pass(text, isLast);
        begun = tryToBegin(text.slice(at), isLast);
        if (begun === null) return at;
      }
      const { records, reading } = begun;
      while (at < text.length) {
        const next = records.next(text, at, isLast);
        if (next === -1) break;
        at = next;
        take(records.record, reading);
      }
      if (isLast && rows === 0 && reading?.header) throw headerAlone(reading.header.line);
      return at;
    },
  };
}

interface BeginOptions extends CsvOptions {
  /** The separator that the list's first line names. */
  readonly said: string | null;
}

/** Null while more text is needed to decide. */
function begin(beginning: CsvBeginning, options: BeginOptions): Begun | null {
  const separator = options.separator ?? options.said ?? options.usual;
  const separators = separator === null ? SEPARATORS : [separator];
  const reading = readHead(beginning, { ...options, separators });
  if (reading === null && !beginning.isLast) return null;
  const isMeant = options.separator !== null || options.said !== null;
  if (reading !== null) {
    if (!isMeant) refuseHiddenColumns(reading, options.isTarget);
    options.onReading(reading);
    for (const { line, code } of reading.odd) options.onHint(line, code);
  }
  const [first = ','] = separators;
  const { firstLine } = beginning;
  return { records: new CsvRecords({ separator: reading?.separator ?? first, firstLine }), reading };
}

function headerAlone(line: number) {
  return refusedLine(line, {
    code: 'no_rows',
    detail: `The list is empty: line ${line} is its header, and no row follows. ${LINES_LOST}`,
    message: 'This is the header, and no row follows.',
  });
}

function refuseHiddenColumns({ cells, firstRow }: CsvReading, isTarget: IsTarget): void {
  const hidden = hiddenSeparator(cells, isTarget);
  if (hidden !== null) throw looksSeparated(hidden, firstRow);
}

/** A record that ends before the id column has no id: spreadsheets leave out empty cells at the end. */
function takeRow(record: CsvRecord, { target, id, width, members }: CsvReading, sink: RowSink): void {
  const { line, fields } = record;
  const idText = id === null || id >= fields ? null : idOf(fieldOf(record, id), line);
  const isWhole = target < fields && (fields <= width || widthOf(record) <= width);
  if (isWhole && members !== null) {
    const cells = members.filter(({ place }) => place < fields);
    const texts = cells.map(({ place, isExcluded }) => {
      const cell = fieldOf(record, place);
      return isExcluded ? excluded(cell) : cell;
    });
    sink.text(rowOfSet({ line, id: idText }, texts));
    return;
  }
  // No spread here: it would take longer than everything else that is done for a row.
  if (isWhole) {
    sink.text({ line, input: fieldOf(record, target), id: idText });
    return;
  }
  // The whole record is shown, so that the extra separator can be seen.
  const input = record.text.slice(record.from, record.to);
  sink.invalid({ line, input, id: idText }, target < fields ? 'too_many_fields' : 'too_few_fields');
}

/** An empty text is no id. */
function idOf(text: string, line: number): string | null {
  if (text.length > MAX_ID_LENGTH) {
    throw refusedLine(line, {
      code: 'invalid',
      detail: `The id on line ${line} is longer than ${MAX_ID_LENGTH} characters.`,
    });
  }
  return text === '' ? null : text;
}
