import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { Change, DiffSummary, Manifest } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { createLinkhaulClient, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from '../../src/service/index.js';
import { asAsked, collect, json, serve } from './http-server.js';

const summary: DiffSummary = {
  tag: 'a/b',
  endpoint: 'domain_pages',
  base_job: 'job_1',
  job: 'job_2',
  fields: ['page_summary.rank'],
  counts: { new: 0, lost: 0, changed: 1, same: 7, unknown: 1, removed: 0 },
};

const changes: Change[] = [
  {
    key: { target: 'a.com', page: '/' },
    id: '7',
    line: 3,
    input: 'a.com',
    change: 'changed',
    before: { 'page_summary.rank': 1 },
    after: { 'page_summary.rank': 3 },
    delta: { 'page_summary.rank': 2 },
  },
  {
    key: { target: 'b.com', page: null },
    id: null,
    line: 4,
    input: 'B.com',
    change: 'unknown',
    before: null,
    after: null,
    delta: null,
  },
];

test('a difference has its counts before its changes are read', async () => {
  const lines = [summary, ...changes].map((line) => `${JSON.stringify(line)}\n`).join('');
  const { baseUrl, seen } = await serve((request, response) => {
    asAsked(request, response).writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(lines));
  });
  const diff = await createLinkhaulClient({ baseUrl }).tagDiff('a/b', {
    baseJob: 'job_1',
    fields: ['page_summary.rank', 'size'],
    minChange: 2,
    includeSame: true,
  });
  expect(diff.summary).toEqual(summary);
  expect(await collect(diff.changes)).toEqual(changes);
  expect(String(seen[0]?.url)).toContain(
    '/v1/tags/a%2Fb/diff?base_job=job_1&fields=page_summary.rank%2Csize&min_change=2&include=same&format=ndjson',
  );
});

test('a difference without counts is not one', async () => {
  const { baseUrl } = await serve((request, response) =>
    asAsked(request, response).end(`${JSON.stringify(changes[0])}\n`),
  );
  await expect(createLinkhaulClient({ baseUrl }).tagDiff('t')).rejects.toThrow(LinkhaulUnexpectedAnswer);
});

test('a download is the file, and one that is cut fails', async () => {
  const { baseUrl, seen } = await serve((request, response) => {
    asAsked(request, response).writeHead(200, { 'content-length': seen.length === 1 ? 4 : 9 });
    response.write('a\r\n\n', () => (seen.length === 1 ? response.end() : response.destroy()));
  });
  const client = createLinkhaulClient({ baseUrl });
  expect(await text(await client.download('job_1', { format: 'csv', spreadsheet: true }))).toBe('a\r\n\n');
  expect(String(seen[0]?.url)).toContain('/v1/jobs/job_1/results?format=csv&spreadsheet=1');
  await expect(async () => text(await client.download('job_1', { format: 'parquet', status: ['ok'] }))).rejects.toThrow(
    LinkhaulUnreachable,
  );
});

test('rows, what a tag answers with, a difference and usage are files too', async () => {
  const { baseUrl, seen } = await serve((request, response) => {
    asAsked(request, response).writeHead(200, { 'x-linkhaul-job': 'job_7' }).end('a\r\n');
  });
  const client = createLinkhaulClient({ baseUrl });
  const filter = { endpoint: 'domain_pages', job: 'job_7' } as const;
  const ofTag = await client.downloadTagResults('a/b', {
    ...filter,
    format: 'csv',
    minOk: 0.5,
    spreadsheet: true,
    status: ['ok'],
  });
  expect(ofTag.job).toBe('job_7');
  const bodies = [
    ofTag.body,
    (await client.downloadTagResults('t', { format: 'parquet' })).body,
    await client.downloadRows('job_7', { format: 'csv', status: ['failed', 'invalid'] }),
    await client.downloadTagDiff('t', { ...filter, format: 'csv', minChange: 0.0000001 }),
    await client.downloadTagDiff('t', { format: 'json' }),
    await client.downloadUsage({ from: '2026-01-01', groupBy: ['tag', 'day'] }),
  ];
  for (const body of bodies) expect(await text(body)).toBe('a\r\n');
  expect(seen.map(({ url }) => decodeURIComponent(`${url.pathname}${url.search}`))).toEqual([
    '/v1/tags/a/b/results?endpoint=domain_pages&job=job_7&format=csv&min_ok=0.5&spreadsheet=1&status=ok',
    '/v1/tags/t/results?format=parquet',
    '/v1/jobs/job_7/rows?format=csv&status=failed,invalid',
    '/v1/tags/t/diff?endpoint=domain_pages&job=job_7&format=csv&min_change=0.0000001',
    '/v1/tags/t/diff?format=json',
    '/v1/usage?from=2026-01-01&group_by=tag,day&format=csv',
  ]);
});

test('a manifest lists files', async () => {
  const manifest: Manifest = {
    job: 'job_1',
    run: 1,
    files: [{ path: 'results/local/job_1/run-1.v1/ndjson/000000.ndjson.gz', rows: 2, bytes: 99, sha256: 'abc' }],
    rows: 2,
    items: 2,
    damaged_rows: 0,
    schema_version: 1,
    params: {},
    cost: { spent_usd: 0.02, unconfirmed_usd: 0, wasted_usd: 0 },
    simulated: true,
  };
  const { baseUrl } = await serve((_, response) => json(response, manifest));
  expect(await createLinkhaulClient({ baseUrl }).manifest('job_1')).toEqual(manifest);
});
