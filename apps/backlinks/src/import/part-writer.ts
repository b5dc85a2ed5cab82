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
import { makePartFolders, removeHead, rowsPath, writeHead } from './part-files.js';

/** How many rows are handed to DuckDB at once: as many as its vectors hold. */
const AT_ONCE = 2048;

/** A build reads a range of domains of all parts at a time: of large groups of rows it would read most in vain. */
const GROUP = 20_480;

/** What one part may hold in memory; more is laid down beside it. */
const MEMORY = '200MB';

/** Writes one part. Rows may come in any order; they are sorted at the end. */
export interface PartWriter {
  link(row: LinkSeen): void;
  page(row: PageFetched): void;
  /** Writes the rows, then the head. */
  end(head: PartHead): Promise<void>;
  /** Leaves nothing of what was begun. */
  abandon(): Promise<void>;
}

/**
 * A part of the same name stays until this one is whole. Several processes may make the same part, because two files may have
 * the same bytes: whichever ends last leaves the same rows.
 */
export async function openPartWriter(folder: string, name: string): Promise<PartWriter> {
  await makePartFolders(folder);
  const spill = `${rowsPath(folder, 'links', name)}.${process.pid}.tmp`;
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
      const unfinished: Unfinished[] = [];
      try {
        for (const rows of [links, pages]) unfinished.push(await rows.write(folder, name));
      } finally {
        await close();
      }
      await removeHead(folder, name);
      for (const { from, to } of unfinished) await rename(from, to);
      await writeHead(folder, name, head);
    },
    abandon: close,
  };
}

interface RowsOfKind {
  readonly add: (row: Readonly<Record<string, Cell>>) => void;
  readonly write: (folder: string, name: string) => Promise<Unfinished>;
}

/** A file that is whole and does not have its name yet: a killed process leaves no half of a file under the name of a whole one. */
interface Unfinished {
  readonly from: string;
  readonly to: string;
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
      const to = rowsPath(folder, kind, name);
      const from = `${to}.${process.pid}.making`;
      await connection.run(
        `COPY (FROM ${kind} ORDER BY ${PART_ORDER[kind]}) TO '${quoted(from)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP})`,
      );
      return { from, to };
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
