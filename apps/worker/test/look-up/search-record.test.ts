import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createUpstream } from '@linkhaul/client';
import { type IdListRequest, idListRequest } from '@linkhaul/schemas';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { searchRecord } from '../../src/look-up/search-record.js';
import { openTestWorker } from '../test-worker.js';

const HOUR_MS = 3_600_000;

/** An upstream with a clock of its own, and a record of `length` calls that were posted one second apart. */
interface UpstreamRecord {
  readonly length: number;
  /** How far the clock is ahead at each request. */
  ahead(request: number): number;
  /** The requests that it refuses. */
  refuses?(request: number): boolean;
}

async function openRecord({ length, ahead, refuses = () => false }: UpstreamRecord) {
  const asked: IdListRequest[] = [];
  const server = createServer(async (request, response) => {
    const [query] = z.tuple([idListRequest]).parse(await json(request));
    const { offset = 0, limit = 1000 } = query;
    const refused = refuses(asked.length);
    response.setHeader('date', new Date(Date.now() + ahead(asked.length)).toUTCString());
    asked.push(query);
    const all = Array.from({ length }, (_, at) => ({ id: String(at), metadata: { tag: `job.${at}.1` } }));
    const task = { status_code: refused ? 40202 : 20000, result: refused ? null : all.slice(offset, offset + limit) };
    response.end(JSON.stringify({ status_code: 20000, tasks: [task] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  const auth = { login: 'me', password: 'pw' };
  const upstream = createUpstream({
    url,
    flavour: 'dataforseo',
    auth,
    body: 'array',
    timeoutMs: 5_000,
    maxAnswerBytes: 10_000,
  });
  onTestFinished(async () => {
    await upstream.close();
    server.close();
  });
  const { services } = await openTestWorker();
  const from = Date.UTC(2026, 10, 22, 10);
  const seen: string[] = [];
  const search = (last?: string) =>
    searchRecord(
      { from, to: from + 60_000 },
      {
        signal: services.stopping,
        async take(entries) {
          for (const { id } of entries) seen.push(String(id));
          return last !== undefined && seen.includes(last);
        },
      },
      { ...services, upstream },
    );
  /** How far each request's window was moved. `+ 0` turns -0 into 0. */
  const moved = () =>
    asked.map(({ datetime_from }) => Math.round((Date.parse(datetime_from) - from) / 60_000) * 60_000 + 0);
  const failure = () => services.workerReports.failedLookUp(services.account);
  return { search, seen, asked, moved, failure };
}

it('reads by the upstream’s clock, learns it from the first page, and remembers it', async () => {
  const { search, seen, moved } = await openRecord({ length: 3, ahead: () => HOUR_MS });
  expect(await search()).toBe('whole');
  expect(moved()).toEqual([0, HOUR_MS]);
  expect(seen).toEqual(['0', '1', '2']);
  await search();
  expect(moved()).toEqual([0, HOUR_MS, HOUR_MS]);
});

it('fails if the upstream’s clock jumps', async () => {
  const { search, seen, failure } = await openRecord({ length: 3, ahead: (request) => request * HOUR_MS + HOUR_MS });
  expect(await search()).toBe('failed');
  expect(await failure()).toMatchObject({ why: "the upstream's clock jumps" });
  expect(seen).toEqual([]);
});

it('hands over page by page, to the end or until no more pages are needed', async () => {
  const { search, seen, asked } = await openRecord({ length: 250, ahead: () => 0 });
  expect(await search()).toBe('whole');
  expect(asked.map(({ offset }) => offset)).toEqual([0, 100, 200]);
  expect(asked[0]).toMatchObject({ limit: 100, sort: 'asc', include_metadata: true });
  expect(seen).toHaveLength(250);
  seen.length = 0;
  expect(await search('120')).toBe('whole');
  expect(seen).toHaveLength(200);
});

it('reports that a look-up has failed, and why, until one succeeds', async () => {
  const { search, failure } = await openRecord({ length: 3, ahead: () => 0, refuses: (request) => request === 0 });
  expect(await failure()).toBeNull();
  await search();
  expect(await failure()).toEqual({ at: expect.any(Number), why: expect.stringContaining('40202') });
  await search();
  expect(await failure()).toBeNull();
});

it('fails if a page cannot be read', async () => {
  const { search, seen } = await openRecord({ length: 250, ahead: () => 0, refuses: (request) => request === 1 });
  expect(await search()).toBe('failed');
  expect(seen).toHaveLength(100);
});
