import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type DuckDBConnection, DuckDBDataChunk, INTEGER, VARCHAR } from '@duckdb/node-api';
import { judgeHost, registrableDomain } from '@linkhaul/schemas';

const AT_ONCE = 2048;

/** Fills the table `vertices` with the domain of each vertex. Vertices are hosts or domains, written backwards, with or without `www`. */
export async function loadVertices(connection: DuckDBConnection, path: string, isGzip: boolean): Promise<void> {
  await connection.run('CREATE TABLE vertices (id INTEGER, domain VARCHAR)');
  const appender = await connection.createAppender('vertices');
  let rows: [number, string][] = [];
  const flush = () => {
    const chunk = DuckDBDataChunk.create([INTEGER, VARCHAR], rows.length);
    chunk.setRows(rows);
    appender.appendDataChunk(chunk);
    rows = [];
  };
  const raw = createReadStream(path);
  const bytes = isGzip ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => bytes.destroy(error));
  for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    const [id = '', name = ''] = line.split('\t');
    const domain = domainOf(name);
    if (domain !== null && id !== '') rows.push([Number(id), domain]);
    if (rows.length === AT_ONCE) flush();
  }
  if (rows.length > 0) flush();
  appender.closeSync();
}

/** The registrable domain of a name that is written backwards: `com.example.www` is of `example.com`. */
function domainOf(name: string): string | null {
  const host = name.toLowerCase().split('.').toReversed().join('.');
  const judged = judgeHost(host);
  return judged.ok || judged.code === 'unknown_tld' ? registrableDomain(host) : null;
}
