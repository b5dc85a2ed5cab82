import { rename, rm } from 'node:fs/promises';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  listValue,
} from '@duckdb/node-api';
import { type LinkSeen, PART_COLUMNS, PART_ORDER, type PageFetched, type PartHead, type PartKind } from './part.js';
import { makePartFolders, removePart, rowsPath, writeHead } from './part-files.js';

/** How many rows are handed to DuckDB at once: as many as its vectors hold. */
const AT_ONCE = 2048;

/** What one part may hold in memory; more is laid down beside it. */
const MEMORY = '200MB';

/** Writes one part. Rows may come in any order; they are sorted at the end. */
export interface PartWriter {
  link(row: LinkSeen): void;
  page(row: PageFetched): void;
  /** Writes the rows, then the head. */
  end(head: PartHead): Promise<void>;
  /** Leaves nothing of the part. */
  abandon(): Promise<void>;
}

/** Replaces a part of the same name. */
export async function openPartWriter(folder: string, name: string): Promise<PartWriter> {
  await makePartFolders(folder);
  await removePart(folder, name);
  const spill = `${rowsPath(folder, 'links', name)}.tmp`;
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    threads: '1',
    temp_directory: spill,
  });
  const connection = await instance.connect();
  const links = await openRows(connection, 'links');
  const pages = await openRows(connection, 'pages');
  const close = async () => {
    connection.closeSync();
    instance.closeSync();
    await rm(spill, { recursive: true, force: true });
  };
  return {
    link: links.add,
    page: pages.add,
    end: async (head) => {
      try {
        for (const rows of [links, pages]) await rows.write(folder, name);
      } finally {
        await close();
      }
      await writeHead(folder, name, head);
    },
    abandon: async () => {
      await close();
      await removePart(folder, name);
    },
  };
}

interface RowsOfKind {
  readonly add: (row: Readonly<Record<string, Cell>>) => void;
  readonly write: (folder: string, name: string) => Promise<void>;
}

type Cell = string | number | boolean | Date | readonly string[] | null;

/** Collects the rows of a kind in a table. */
async function openRows(connection: DuckDBConnection, kind: PartKind): Promise<RowsOfKind> {
  const columns = Object.entries<DuckDBType>(PART_COLUMNS[kind]);
  await connection.run(`CREATE TABLE ${kind} (${columns.map(([column, type]) => `${column} ${type}`).join(', ')})`);
  const appender = await connection.createAppender(kind);
  const types = columns.map(([, type]) => type);
  let rows: DuckDBValue[][] = [];
  const flush = () => {
    if (rows.length > 0) append(appender, types, rows);
    rows = [];
  };
  return {
    add: (row) => {
      rows.push(columns.map(([column, type]) => storedValue(row[column] ?? null, type)));
      if (rows.length === AT_ONCE) flush();
    },
    write: async (folder, name) => {
      flush();
      appender.closeSync();
      const path = rowsPath(folder, kind, name);
      // A killed process leaves no half of a file under the name of a whole one.
      await connection.run(
        `COPY (FROM ${kind} ORDER BY ${PART_ORDER[kind]}) TO '${quoted(`${path}.making`)}' (FORMAT parquet, COMPRESSION zstd)`,
      );
      await rename(`${path}.making`, path);
    },
  };
}

function append(appender: DuckDBAppender, types: readonly DuckDBType[], rows: readonly DuckDBValue[][]): void {
  const chunk = DuckDBDataChunk.create(types, rows.length);
  chunk.setRows(rows);
  appender.appendDataChunk(chunk);
}

function storedValue(cell: Cell, type: DuckDBType): DuckDBValue {
  if (cell instanceof Date) return new DuckDBTimestampValue(BigInt(cell.getTime()) * 1000n);
  if (typeof cell === 'object') return cell && listValue(cell);
  return typeof cell === 'number' && `${type}` === 'BIGINT' ? BigInt(cell) : cell;
}

function quoted(path: string): string {
  return path.replaceAll("'", "''");
}
