import type { Cell, Columns, ColumnType } from '@linkhaul/schemas';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Form, Lines, Piece } from './forms.js';

/** A group is encoded in one go, which nothing else may wait for long. */
const LINES_A_GROUP = 2000;

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const UTC = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } as const;

/** JSON is text here: its Parquet type would have readers parse what nobody asked for. */
const TYPES = {
  text: TEXT,
  json: TEXT,
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: UTC },
} as const satisfies Record<ColumnType, object>;

/** Apache Parquet, a group of lines at a time; every column may be null. */
export function parquetForm(columns: Columns): Form {
  return {
    name: 'parquet',
    type: 'application/vnd.apache.parquet',
    extension: 'parquet',
    gzip: false,
    encode: (lines) => encode(lines, columns),
  };
}

async function* encode(lines: Lines, columns: Columns): AsyncGenerator<Piece> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'linkhaul' });
  let group: Cell[][] = [];
  const flush = async (): Promise<Piece> => {
    await parquet.write({ columnData: columnData(group, columns), rowGroupSize: LINES_A_GROUP * 2 });
    const piece = { bytes: taken(writer), lines: group.length };
    group = [];
    return piece;
  };
  for await (const some of lines) {
    for (const line of some) group.push(columns.cellsOf(line));
    if (group.length >= LINES_A_GROUP) yield await flush();
  }
  if (group.length > 0) yield await flush();
  await parquet.finish();
  yield { bytes: taken(writer), lines: 0 };
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

function schemaOf({ list }: Columns): Schema {
  const elements = list.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[type] }));
  return [{ name: 'root', num_children: list.length }, ...elements];
}

interface ColumnData {
  readonly name: string;
  readonly data: (Cell | bigint | Date)[];
}

function columnData(group: readonly Cell[][], { list }: Columns): ColumnData[] {
  return list.map(({ name, type }, at) => ({ name, data: group.map((cells) => valueIn(cells[at] ?? null, type)) }));
}

function valueIn(cell: Cell, type: ColumnType): Cell | bigint | Date {
  if (typeof cell === 'number' && type === 'integer') return BigInt(cell);
  return typeof cell === 'string' && type === 'time' ? new Date(cell) : cell;
}

/** What was written since the last time; places in the file go on being counted from its beginning. */
function taken(writer: ByteWriter): Buffer {
  const bytes = Buffer.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}
