import type { EstimateView } from '@linkhaul/schemas';
import { columnName, guessTable, headerOf, type ListFormat, widthOf } from './guess.js';
import type { Head } from './read-head.js';
import { characterOf } from './reading.js';
import { type ListRecord, recordsOf } from './records.js';

const SHOWN_ROWS = 6;
const LOOKED_AT = 50;
const WIDEST = 40;

export interface PreviewColumn {
  /** The name in the header, or `Column 3`. */
  readonly title: string;
  /** The name or number that is sent to the service. */
  readonly name: string | number;
}

export interface Preview {
  /** Empty if each line is one target. */
  readonly columns: readonly PreviewColumn[];
  readonly rows: readonly ListRecord[];
  /** True if the list is longer than what is shown. */
  readonly hasMore: boolean;
}

/** The first rows, laid out as the service reads the list; before its first answer, as the page guesses. */
export function previewOf(head: Head, format: ListFormat, input: EstimateView['input']): Preview {
  if (format !== 'csv') return plain(head, format);
  const separator = input === undefined ? guessTable(head.text).separator : (characterOf(input.separator) ?? '');
  const records = recordsOf(head.text, { separator, most: LOOKED_AT });
  const width = widthOf(records);
  const header = headerBy(input, records);
  const rows = records.filter(({ line }) => line > (header?.line ?? 0));
  const columns = Array.from({ length: Math.min(width, WIDEST) }, (_, place) => ({
    title: header?.fields[place]?.trim() || `Column ${place + 1}`,
    name: columnName(header, place),
  }));
  return { columns, ...cut(rows, head) };
}

function plain(head: Head, format: ListFormat): Preview {
  const isRow = ({ fields }: ListRecord) => format !== 'text' || !fields[0]?.startsWith('#');
  const rows = recordsOf(head.text, { separator: '', most: LOOKED_AT }).filter(isRow);
  return { columns: [], ...cut(rows, head) };
}

function cut(rows: readonly ListRecord[], { isWhole }: Head): Pick<Preview, 'rows' | 'hasMore'> {
  return { rows: rows.slice(0, SHOWN_ROWS), hasMore: rows.length > SHOWN_ROWS || !isWhole };
}

/** The header that the service found. If that line is narrower than the table it is a title, and the names are below it. */
function headerBy(input: EstimateView['input'], records: readonly ListRecord[]): ListRecord | null {
  if (input?.header === null) return null;
  const reported = records.find(({ line }) => line === input?.header);
  return reported !== undefined && reported.fields.length === widthOf(records) ? reported : headerOf(records);
}
