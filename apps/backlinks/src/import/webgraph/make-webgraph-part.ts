import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { PART_ORDER, PART_VERSION, type PartHead } from '../part.js';
import { makePartFolders, removeHead, rowsPath, writeHead } from '../part-files.js';
import { EXTRACTOR, optionsOfHead } from '../part-there.js';
import type { ImportOptions } from '../source.js';
import { verticesOf, type WebgraphFile } from './recognise.js';
import { releaseOf } from './release.js';
import { loadVertices } from './vertices.js';

/** A web graph has up to a hundred million domains, and billions of edges: more than this is laid down beside the part. */
const MEMORY = '1GB';

interface WebgraphPart {
  readonly path: string;
  readonly file: WebgraphFile;
  readonly folder: string;
  readonly name: string;
  readonly sha256: string;
  readonly options: ImportOptions;
}

type MadeWebgraph = { readonly ok: true; readonly head: PartHead } | { readonly ok: false; readonly why: string };

/** Makes the part of a file of edges or ranks of Common Crawl's web graph. */
export async function makeWebgraphPart(part: WebgraphPart): Promise<MadeWebgraph> {
  const { path, folder, name } = part;
  const kind = kindOf(part);
  // What tells them apart is the name alone: ranks of domains may lack the number of hosts, too.
  if (kind === 'ranks' && /\bhost-ranks\b/.test(basename(path))) {
    return { ok: false, why: 'ranks hosts, which says nothing of domains: the same release has the ranks of domains' };
  }
  if (kind === 'edges' && (await stat(verticesOf(path)).catch(() => null)) === null) {
    return {
      ok: false,
      why: 'lists edges of a web graph, and its vertices are not beside it, under the same name with `vertices` in it',
    };
  }
  await makePartFolders(folder);
  const to = rowsPath(folder, kind, name);
  const [from, spill] = [`${to}.${process.pid}.making`, `${to}.${process.pid}.tmp`];
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    threads: '1',
    temp_directory: spill,
  });
  const connection = await instance.connect();
  try {
    await (kind === 'edges' ? selectEdges(connection, part) : selectRanks(connection, part));
    await connection.run(
      `COPY (FROM selected ORDER BY ${PART_ORDER[kind]}) TO '${quoted(from)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    const head = await headOf(connection, part);
    await removeHead(folder, name);
    await rename(from, to);
    await writeHead(folder, name, head);
    return { ok: true, head };
  } finally {
    connection.closeSync();
    instance.closeSync();
    for (const unfinished of [from, spill]) await rm(unfinished, { recursive: true, force: true });
  }
}

/** Vertices have no part of their own. */
function kindOf({ file }: WebgraphPart): 'edges' | 'ranks' {
  return file.kind === 'ranks' ? 'ranks' : 'edges';
}

/** Edges between hosts become edges between their domains, each once. */
async function selectEdges(connection: DuckDBConnection, { path, options }: WebgraphPart): Promise<void> {
  await loadVertices(connection, verticesOf(path), await isGzip(verticesOf(path)));
  await connection.run(`CREATE VIEW read AS FROM ${csv(path, "{'source': 'INTEGER', 'target': 'INTEGER'}", 0)}`);
  await connection.run(`CREATE VIEW selected AS
    SELECT DISTINCT s.domain AS domain_from, t.domain AS domain_to
    FROM read JOIN vertices s ON s.id = source JOIN vertices t ON t.id = target
    WHERE s.domain <> t.domain AND ${wanted('t.domain', options)}`);
}

const OF_RANKS = `'harmonic_position': 'BIGINT', 'harmonic': 'DOUBLE', 'pagerank_position': 'BIGINT', 'pagerank': 'DOUBLE',
    'name': 'VARCHAR'`;

/** Ranks may lack the number of hosts, and name a domain by its `www`, as vertices do. */
async function selectRanks(connection: DuckDBConnection, { path, file, options }: WebgraphPart): Promise<void> {
  const hasHosts = file.columns > 5;
  const rows = csv(path, `{${OF_RANKS}${hasHosts ? ", 'hosts': 'BIGINT'" : ''}}`, file.headers);
  await connection.run(`CREATE VIEW read AS SELECT *${hasHosts ? '' : ', NULL::BIGINT AS hosts'} FROM ${rows}`);
  await connection.run(`CREATE VIEW selected AS
    SELECT domain, * EXCLUDE (domain, name) FROM (
      SELECT *, regexp_replace(array_to_string(list_reverse(string_split(lower(name), '.')), '.'), '^www\\.', '') AS domain
      FROM read)
    WHERE ${wanted('domain', options)}`);
}

/** Lines that cannot be read are counted apart. */
function csv(path: string, columns: string, headers: number): string {
  return `read_csv('${quoted(path)}', delim = '\\t', quote = '', escape = '', header = false, skip = ${headers},
    auto_detect = false, columns = ${columns}, null_padding = false, store_rejects = true)`;
}

function wanted(column: string, { only }: ImportOptions): string {
  return only === null ? 'true' : `${column} IN (${only.map((domain) => `'${quoted(domain)}'`).join(', ')})`;
}

const counted = z.tuple([z.object({ rows: z.number() })]);
const rejected = z.array(z.object({ line: z.number(), message: z.string() }));

async function headOf(connection: DuckDBConnection, part: WebgraphPart): Promise<PartHead> {
  const { path, folder, name, sha256, options } = part;
  const kind = kindOf(part);
  const written = `${rowsPath(folder, kind, name)}.${process.pid}.making`;
  const [{ rows }] = counted.parse(
    await rowsOf(connection, `SELECT count(*)::DOUBLE AS rows FROM read_parquet('${quoted(written)}')`),
  );
  const broken = rejected.parse(
    await rowsOf(
      connection,
      'SELECT line::DOUBLE AS line, error_message AS message FROM reject_errors ORDER BY line LIMIT 3',
    ),
  );
  const [{ rows: count }] = counted.parse(
    await rowsOf(connection, 'SELECT count(DISTINCT line)::DOUBLE AS rows FROM reject_errors'),
  );
  const release = releaseOf(path);
  const examples = broken.map(({ line, message }) => ({ at: line, message: message.split('\n', 1)[0] ?? '' }));
  return {
    version: PART_VERSION,
    source: { file: path, form: 'webgraph', sha256, bytes: (await stat(path)).size },
    options: optionsOfHead(options),
    extractor: EXTRACTOR,
    counts: { records: rows, pages: 0, links: 0, edges: kind === 'edges' ? rows : 0 },
    first_date: release?.first.toISOString() ?? null,
    last_date: release?.last.toISOString() ?? null,
    left_out: count === 0 ? [] : [{ reason: 'broken_line', count, examples }],
  };
}

async function rowsOf(connection: DuckDBConnection, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

async function isGzip(path: string): Promise<boolean> {
  for await (const bytes of createReadStream(path, { end: 1 }))
    return Buffer.from(bytes).equals(Buffer.from([0x1f, 0x8b]));
  return false;
}

function quoted(text: string): string {
  return text.replaceAll("'", "''");
}
