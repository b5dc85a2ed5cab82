import { type CsvColumns, type CsvForm, findColumns, missingColumn } from './csv-columns.js';
import { type CsvRecord, createCsvRecords } from './csv-records.js';
import { type ListReader, refusedLine } from './read-list.js';
import type { RowSink } from './submission.js';
import { isBlank } from './text-rows.js';

const MAX_ID_LENGTH = 255;
const QUOTE = 0x22;
const RETURN = 0x0d;

/**
 * A target a record, in one of its columns; blank lines are counted and passed over. `onHeader` is told the line of the
 * header, or null where the first record is a row.
 */
export function createCsvReader(
  form: CsvForm,
  sink: RowSink,
  onHeader: (line: number | null) => void = () => undefined,
): ListReader {
  const records = createCsvRecords();
  const { record } = records;
  const range = { bytes: record.bytes, from: 0, to: 0 };
  let columns: CsvColumns | null = null;

  const isBlankLine = (): boolean => {
    setRange(range, record, 0);
    // An empty field in quotes is a row, though an invalid one.
    return record.fields === 1 && !isQuoted(record, 0) && isBlank(range);
  };
  const takeRow = (line: number, { target, id }: CsvColumns) => {
    const last = Math.max(target, id ?? 0);
    if (last >= record.fields) throw missingColumn(line, target >= record.fields ? target : last);
    const idText = id === null ? null : idOf(textOf(record, id), line);
    if (record.escaped[target]) return sink.text({ line, input: textOf(record, target), id: idText });
    setRange(range, record, target);
    sink.bytes(line, range, idText);
  };
  const take = (line: number) => {
    if (isBlankLine()) return;
    if (columns !== null) return takeRow(line, columns);
    refuseBareReturn(record, line);
    columns = findColumns(form, textsOf(record), line);
    onHeader(columns.hasHeader ? line : null);
    if (!columns.hasHeader) takeRow(line, columns);
  };
  return {
    get line() {
      return records.line;
    },
    read(bytes, isLast) {
      let at = 0;
      while (at < bytes.length) {
        const { line } = records;
        const next = records.next(bytes, at, isLast);
        if (next === -1) break;
        at = next;
        take(line);
      }
      return at;
    },
  };
}

function setRange(range: { bytes: Buffer; from: number; to: number }, record: CsvRecord, field: number): void {
  range.bytes = record.bytes;
  range.from = record.froms[field] ?? 0;
  range.to = record.tos[field] ?? 0;
}

function isQuoted({ bytes, froms }: CsvRecord, field: number): boolean {
  return bytes[(froms[field] ?? 0) - 1] === QUOTE;
}

/** In the first record it means that all lines end so: the whole list would be one record. */
function refuseBareReturn(record: CsvRecord, line: number): void {
  for (let field = 0; field < record.fields; field++) {
    const text = record.bytes.subarray(record.froms[field], record.tos[field]);
    if (isQuoted(record, field) || !text.includes(RETURN)) continue;
    throw refusedLine(line, {
      code: 'csv_line_end',
      detail: `Line ${line} has a carriage return within: end each line with LF or CRLF, and quote a field that holds a return.`,
      message: 'A carriage return stands within this line.',
    });
  }
}

function textOf({ bytes, froms, tos, escaped }: CsvRecord, field: number): string {
  const text = bytes.toString('utf8', froms[field], tos[field]);
  return escaped[field] ? text.replaceAll('""', '"') : text;
}

function textsOf(record: CsvRecord): string[] {
  return Array.from({ length: record.fields }, (_, field) => textOf(record, field));
}

function idOf(text: string, line: number): string | null {
  if (text.length > MAX_ID_LENGTH) {
    throw refusedLine(line, { code: 'invalid', detail: `The id on line ${line} is longer than 255 characters.` });
  }
  return text === '' ? null : text;
}
