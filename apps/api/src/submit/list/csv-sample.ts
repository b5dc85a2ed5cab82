import { ApiProblem } from '../../problem.js';
import type { CsvTexts } from './csv-columns.js';
import { type CsvRecord, CsvRecords, fieldsOf, isQuoted, recordTooLong } from './csv-records.js';
import { MOST_JUDGED } from './looks-separated.js';
import { MAX_LINE_LENGTH } from './read-list.js';
import { ONLY_SEPARATORS } from './separators.js';

export interface CsvBeginning {
  readonly text: string;
  /** The line on which it begins. */
  readonly firstLine: number;
  readonly isLast: boolean;
}

/** The first records of a list, read with one separator, without blank lines. */
export interface CsvSample {
  readonly separator: string;
  readonly records: readonly CsvTexts[];
  /** Whether more text may bring more records. */
  readonly isOpen: boolean;
  /** Why the list cannot be read with this separator. */
  readonly fault: ApiProblem | null;
  /** Where the text begins that was not read. */
  readonly to: number;
}

export function readSample(separator: string, { text, firstLine, isLast }: CsvBeginning): CsvSample {
  const found = new CsvRecords({ separator, firstLine });
  const records: CsvTexts[] = [];
  let at = 0;
  const sample = (isOpen: boolean, fault: ApiProblem | null = null) => ({ separator, records, isOpen, fault, to: at });
  try {
    while (at < text.length && records.length < MOST_JUDGED) {
      const next = found.next(text, at, isLast);
      if (next === -1) {
        const isOpen = text.length - at <= MAX_LINE_LENGTH;
        return sample(isOpen, isOpen ? null : recordTooLong(found.line));
      }
      at = next;
      const { record } = found;
      if (!isBlankRecord(record)) records.push({ line: record.line, texts: fieldsOf(record) });
    }
  } catch (error) {
    if (error instanceof ApiProblem) return sample(false, error);
    throw error;
  }
  return sample(records.length < MOST_JUDGED);
}

/**
 * Whether a record holds nothing but white space and separators, as spreadsheets write an empty row. A quoted empty field
 * makes it a row, though an invalid one.
 */
export function isBlankRecord(record: CsvRecord): boolean {
  const { text, from, fields, froms, tos } = record;
  // Nearly every record begins with a letter, and is not blank.
  if (isWordCharacter(text.charCodeAt(from))) return false;
  for (let field = 0; field < fields; field++) {
    if (isQuoted(record, field) || !ONLY_SEPARATORS.test(text.slice(froms[field], tos[field]))) return false;
  }
  return true;
}

function isWordCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
