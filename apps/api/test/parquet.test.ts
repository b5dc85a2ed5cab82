import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from '@linkhaul/results';
import { type Cell, ENDPOINTS, type EndpointName, endpointName, resultColumns } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_OF_A_TENANT, MOST_THREADS, parquetForm } from '../src/results/parquet.js';
import { askDuck } from './duck.js';
import { finishedListJob } from './finished-job.js';
import { ndjsonOf } from './http.js';
import { rawly } from './raw.js';
import { createStarter } from './service.js';

const starter = createStarter();
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-parquet-'));
  file = join(folder, 'results.parquet');
});
afterAll(async () => {
  await starter.closeAll();
  await rm(folder, { recursive: true });
});

const DUCK_TYPES = {
  text: 'VARCHAR',
  json: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP WITH TIME ZONE',
};

describe('parquet', () => {
  it('is what ndjson is, to DuckDB', async () => {
    const url = await finishedListJob(await starter.start());
    await writeFile(file, (await rawly(`${url}/results?format=parquet`)).body);
    const lines = (await ndjsonOf(url, 'results')).map((line) => JSON.parse(line));
    const { list, cellsOf } = resultColumns('domain_pages');
    const times = list.filter(({ type }) => type === 'time').map(({ name }) => `epoch_ms(${name}) AS ${name}`);
    const rows = await askDuck(`SELECT * REPLACE (${times.join(', ')}) FROM '${file}'`);
    expect(rows).toHaveLength(lines.length);
    expect(rows[1]).toMatchObject({
      page_summary__first_seen: String(Date.UTC(2024, 0, 2, 3, 4, 5)),
      fetch_time: null,
    });
    const shown = (cell: Cell, type: string) => {
      if (type === 'time' && cell !== null) return String(Date.parse(String(cell)));
      return typeof cell === 'number' ? String(cell) : cell;
    };
    for (const [at, line] of lines.entries()) {
      const cells = cellsOf(line).map((cell, column) => shown(cell, list[column]?.type ?? ''));
      expect(rows[at]).toEqual(Object.fromEntries(list.map(({ name }, column) => [name, cells[column]])));
    }
  });

  it.each(Object.keys(ENDPOINTS))('of %s has its types, without a line too', async (name) => {
    const endpoint = endpointName.parse(name);
    const columns = resultColumns(endpoint);
    await writeParquet(endpoint, 0);
    const described = await askDuck(`DESCRIBE SELECT * FROM '${file}'`);
    expect(described.map((column) => [column.column_name, column.column_type])).toEqual(
      columns.list.map((column) => [column.name, DUCK_TYPES[column.type]]),
    );
    expect(await askDuck(`SELECT count(*) AS lines FROM '${file}'`)).toEqual([{ lines: '0' }]);
  });

  it('has many groups of lines, written as they come', async () => {
    const pieces = await writeParquet('bulk_backlinks', 21_500);
    expect(pieces.length).toBeGreaterThan(4);
    expect(Math.max(...pieces)).toBeLessThan(8000);
    const [sums] = await askDuck(
      `SELECT count(*) AS lines, sum(line) AS sum, max(backlinks) AS most, count(DISTINCT target) AS targets FROM '${file}'`,
    );
    expect(sums).toEqual({ lines: '21500', sum: '231114250', most: String(2 ** 53 - 1), targets: '21500' });
    const groups = await askDuck(`SELECT count(DISTINCT row_group_id) AS groups FROM parquet_metadata('${file}')`);
    expect(Number(groups[0]?.groups)).toBe(pieces.length);
  });

  it('leaves the event loop to others while a group is encoded', async () => {
    let turns = 0;
    const turning = setInterval(() => turns++, 0);
    await writeParquet('bulk_backlinks', 20_000);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(1);
  });

  it('is encoded by a thread that ends with it, or when nobody wants more', async () => {
    await writeParquet('bulk_backlinks', 1000);
    expect(threads()).toBe(0);
    const pieces = parquetForm({ endpoint: 'bulk_backlinks', tenant: 'local' }).encode(
      someLines(Number.POSITIVE_INFINITY),
    );
    await pieces.next();
    expect(threads()).toBe(1);
    await pieces.return(undefined);
    expect(threads()).toBe(0);
  });

  it('is refused for a while where as many are written as may be', async () => {
    const endless = (tenant: string) =>
      parquetForm({ endpoint: 'bulk_backlinks', tenant }).encode(someLines(Number.POSITIVE_INFINITY));
    const writing = Array.from({ length: MOST_THREADS }, (_, at) => endless(`tenant-${at % 2}`));
    expect(MOST_THREADS).toBe(2 * MOST_OF_A_TENANT);
    await Promise.all(writing.map((pieces) => pieces.next()));
    const headers = { 'retry-after': '5' };
    await expect(endless('tenant-0').next()).rejects.toMatchObject({ code: 'too_many_requests', headers });
    await expect(endless('another').next()).rejects.toMatchObject({ code: 'unavailable', headers });
    expect(threads()).toBe(MOST_THREADS);
    await writing.pop()?.return(undefined);
    await writeParquet('bulk_backlinks', 1000);
    await Promise.all(writing.map((pieces) => pieces.return(undefined)));
  });

  it('fails with its thread, and alone', async () => {
    const broken = async function* () {
      yield* someLines(1000);
      // Nothing that JSON can bring.
      yield [{ line: 1, status: 'ok' as const, data: { big: 1n } }];
      yield* someLines(1000);
    };
    await expect(parquetForm({ endpoint: 'bulk_backlinks', tenant: 'local' }).encode(broken()).next()).rejects.toThrow(
      TypeError,
    );
    expect(threads()).toBe(0);
    await writeParquet('bulk_backlinks', 1000);
  });
});

function threads(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

/** Lines of results as a Parquet file; how many lines each piece of it held. */
async function writeParquet(endpoint: EndpointName, lines: number): Promise<number[]> {
  const bytes: Buffer[] = [];
  const counts: number[] = [];
  for await (const piece of parquetForm({ endpoint, tenant: 'local' }).encode(someLines(lines))) {
    bytes.push(piece.bytes);
    counts.push(piece.lines);
  }
  await writeFile(file, Buffer.concat(bytes));
  return counts;
}

/** So that few lines make a group. */
const PADDING = 'x'.repeat(1000);

async function* someLines(count: number): AsyncGenerator<Line[]> {
  for (let from = 0; from < count; from += 1000) {
    yield Array.from({ length: Math.min(1000, count - from) }, (_, at) => {
      const line = from + at;
      const data = { target: `${line}.com`, backlinks: line === 77 ? 2 ** 53 - 1 : line };
      return { line, input: PADDING, target: `${line}.com`, status: 'ok' as const, data };
    });
  }
}
