import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { PART_COLUMNS, PART_VERSION, type PartHead } from '@linkhaul/backlinks';

const LINKS_OF_A_PAGE = 10;
const SITES = 300_000;

/** How many parts the links are divided into. */
const PARTS = 20;

/** Sites, some popular, each with three hosts; pages with ten links; most pages that are linked to have one or two links. */
const MACROS = [
  'draw(name, x) AS (hash(hash(name, x)) >> 11)::DOUBLE / 9007199254740992',
  `site(d) AS 'site-' || d || ['.com', '.org', '.de', '.net', '.co.uk'][1 + d % 5]`,
  `host(d, k) AS ['www.', '', 'blog.'][1 + k % 3] || site(d)`,
  `page(d, k) AS 'https://' || host(d, k) || '/' || CASE WHEN k = 0 THEN '' ELSE 'articles/' || (hash(k) % 100000) || '/about-' || k END`,
  `source_of(page) AS floor(${SITES} * pow(draw('source', page), 1.5))::BIGINT`,
  `fetched(page) AS TIMESTAMP '2026-01-01' + to_seconds((hash('at', page) % 20000000)::BIGINT)`,
];

/** Generated parts, as an import would leave them, with a number of links. */
export async function writeGeneratedParts(folder: string, links: number): Promise<void> {
  for (const kind of Object.keys(PART_COLUMNS)) await mkdir(join(folder, kind), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    for (const macro of MACROS) await connection.run(`CREATE MACRO ${macro}`);
    for (let part = 0; part < PARTS; part++) {
      const range = { first: (part * links) / PARTS, end: ((part + 1) * links) / PARTS };
      for (const [kind, sql] of [
        ['links', linksSql(range)],
        ['pages', pagesSql(range)],
      ] as const) {
        const path = join(folder, kind, `part-${part}.parquet`);
        await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`);
      }
      await writeFile(join(folder, `part-${part}.json`), JSON.stringify(headOf(part, links / PARTS)));
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

interface Range {
  readonly first: number;
  readonly end: number;
}

function columnsOf(kind: 'links' | 'pages', known: Readonly<Record<string, string>>): string {
  const columns = Object.entries(PART_COLUMNS[kind]);
  return columns.map(([name, type]) => `${known[name] ?? `NULL::${type}`} AS ${name}`).join(', ');
}

function linksSql({ first, end }: Range): string {
  const columns = columnsOf('links', {
    url_from: 'page(s, p)',
    url_to: 'page(t, k)',
    domain_from: 'site(s)',
    domain_to: 'site(t)',
    host_from: 'host(s, p)',
    host_to: 'host(t, k)',
    type: `CASE WHEN draw('type', i) < 0.9 THEN 'anchor' ELSE 'image' END`,
    rel: `CASE WHEN draw('rel', i) < 0.2 THEN ['nofollow', 'noopener'] WHEN draw('rel', i) < 0.4 THEN ['noopener'] ELSE [] END`,
    nofollow: `draw('rel', i) < 0.2`,
    anchor: `'Words of link ' || (hash('anchor', i) % 200000)`,
    place: `CASE WHEN draw('place', i) < 0.2 THEN 'article' END`,
    seen_at: 'fetched(p)',
  });
  return `SELECT ${columns} FROM (
      SELECT *, CASE WHEN drawn = s THEN (drawn + 1) % ${SITES} ELSE drawn END AS t FROM (
        SELECT i, i // ${LINKS_OF_A_PAGE} AS p, source_of(i // ${LINKS_OF_A_PAGE}) AS s,
          floor(${SITES} * pow(draw('target', i), 2.5))::BIGINT AS drawn, floor(pow(draw('page', i), 2) * 30)::BIGINT AS k
        FROM range(${first}, ${end}) r(i)))
    ORDER BY domain_to, url_to, url_from`;
}

function pagesSql({ first, end }: Range): string {
  const columns = columnsOf('pages', {
    is_fetch: 'true',
    url: 'page(s, p)',
    domain: 'site(s)',
    host: 'host(s, p)',
    fetched_at: 'fetched(p)',
    status: '200',
    title: `'Title of page ' || p`,
    encoding: `'utf-8'`,
    language: `'en'`,
    size: `(hash('size', p) % 100000)::BIGINT`,
    media_type: `'text/html'`,
    links_external: String(LINKS_OF_A_PAGE),
    links_internal: '5',
    noindex: 'false',
    nofollow: 'false',
  });
  const pages = `range(${first / LINKS_OF_A_PAGE}, ${end / LINKS_OF_A_PAGE})`;
  return `SELECT ${columns} FROM (SELECT p, source_of(p) AS s FROM ${pages} r(p)) ORDER BY domain, url`;
}

function headOf(part: number, links: number): PartHead {
  const pages = links / LINKS_OF_A_PAGE;
  return {
    version: PART_VERSION,
    source: { file: `part-${part}`, form: 'generated', sha256: `part-${part}`, bytes: 0 },
    options: { internal: false, only: null },
    extractor: 1,
    counts: { records: pages, pages, links, edges: 0 },
    first_date: '2026-01-01T00:00:00Z',
    last_date: '2026-08-20T00:00:00Z',
    left_out: [],
  };
}
