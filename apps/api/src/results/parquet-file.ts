import type { Cell, Columns, ColumnType } from '@linkhaul/schemas';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

/**
 * The size of a group's cells, in bytes. A group is held in memory and encoded as a whole. Larger groups would take more memory,
 * without making the file smaller or faster to read.
 */
const BYTES_A_GROUP = 4 * 2 ** 20;
const BYTES_A_CELL = 8;

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const UTC = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } as const;

/** JSON is stored as text: with Parquet's JSON type, readers would parse it even when nobody asked them to. */
const TYPES = {
  text: TEXT,
  json: TEXT,
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: UTC },
} as const satisfies Record<ColumnType, object>;

/** Bytes of a file as they are made, and the number of whole lines in them. */
export interface ParquetPart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lines: number;
}

interface ParquetFile {
  /** Returns the bytes of a group if these lines fill it, else no bytes. The same lines give the same groups. */
  add(lines: readonly object[]): ParquetPart;
  /** The last group and the footer. */
  end(): ParquetPart;
}

/** Writes Apache Parquet, one group of lines at a time; every column may be null. Encoding a group blocks its thread. */
export function createParquetFile(columns: Columns): ParquetFile {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'linkhaul' });
  let group: Cell[][] = [];
  let bytes = 0;
  const flush = () => {
    const { length } = group;
    if (length > 0) void parquet.write({ columnData: columnData(group, columns), rowGroupSize: length });
    group = [];
    bytes = 0;
    return length;
  };
  return {
    add(lines) {
      for (const line of lines) {
        const cells = columns.cellsOf(line);
        group.push(cells);
        for (const cell of cells) bytes += typeof cell === 'string' ? cell.length : BYTES_A_CELL;
      }
      return bytes < BYTES_A_GROUP ? { lines: 0, bytes: new Uint8Array(0) } : { lines: flush(), bytes: taken(writer) };
    },
    end() {
      const lines = flush();
      void parquet.finish();
      return { lines, bytes: taken(writer) };
    },
  };
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

/** The bytes written since the last call; offsets still count from the beginning of the file. */
function taken(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(writer.getBytes());
  writer.index = 0;
  return bytes;
}
