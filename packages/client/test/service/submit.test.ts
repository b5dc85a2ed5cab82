import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { problemType } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { decimalOf } from '../../src/service/decimal.js';
import { createLinkhaulClient } from '../../src/service/index.js';
import { json, serve } from './http-server.js';
import { sampleEstimate, sampleJob } from './samples.js';

test('submit sends the fields and the targets as JSON, with key and idempotency key', async () => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  const client = createLinkhaulClient({ baseUrl: `${baseUrl}/`, apiKey: 'secret' });
  const fields = { endpoint: 'bulk_backlinks', tag: 'weekly' } as const;
  const job = await client.submit(fields, ['a.com', { target: 'b.com', id: '7' }], { idempotencyKey: 'k1' });
  expect(job).toEqual(sampleJob());
  const [request] = seen;
  expect(`${request?.method} ${request?.url.pathname}`).toBe('POST /v1/jobs');
  expect(request?.headers).toMatchObject({ authorization: 'Bearer secret', 'idempotency-key': 'k1' });
  expect(JSON.parse(String(request?.body))).toEqual({ ...fields, targets: ['a.com', { target: 'b.com', id: '7' }] });
});

test('submitText puts the fields into the query, objects as JSON', async () => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  const metadata = { customer: 'Jürgen & Co' };
  const webhook = { url: 'https://example.com/hook?x=1' };
  await createLinkhaulClient({ baseUrl }).submitText(
    { endpoint: 'bulk_backlinks', tag: 'a b', metadata, webhook, expect_rows: 2, keep_www: true },
    'a.com\nbücher.de\n',
  );
  const [request] = seen;
  expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
    endpoint: 'bulk_backlinks',
    tag: 'a b',
    metadata: JSON.stringify(metadata),
    webhook: JSON.stringify(webhook),
    expect_rows: '2',
    keep_www: 'true',
  });
  expect(request?.headers['content-type']).toContain('text/plain');
  expect(request?.headers.authorization).toBeUndefined();
  expect(String(request?.body)).toBe('a.com\nbücher.de\n');
});

test('submitText sends a Blob as it is: a browser cannot stream it', async () => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  const client = createLinkhaulClient({ baseUrl });
  await client.submitText({ endpoint: 'bulk_backlinks' }, new Blob(['url;rank\n', 'a.com;1\n']), {
    format: 'csv',
    gzip: true,
  });
  await client.submitText({ endpoint: 'bulk_backlinks' }, new Blob([gzipSync('a.com\n')]), { gzip: 'already' });
  expect(String(seen[0]?.body)).toBe('url;rank\na.com;1\n');
  expect(seen[0]?.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-length': '17' });
  expect(seen[0]?.headers['content-encoding']).toBeUndefined();
  expect(seen[1]?.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(seen[1]?.body ?? '').toString()).toBe('a.com\n');
});

test('submitText streams a file and gzips it on the way', async () => {
  const list = Array.from({ length: 50_000 }, (_, index) => `${index}.example.com`).join('\n');
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-client-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, 'list.txt');
  await writeFile(path, list);
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  const client = createLinkhaulClient({ baseUrl });
  await client.submitText({ endpoint: 'bulk_backlinks' }, createReadStream(path), { gzip: true });
  expect(seen[0]?.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(seen[0]?.body ?? '').toString()).toBe(list);
});

test.each([
  [
    'csv',
    { column: 'site', idColumn: 2, header: true },
    'text/csv; charset=utf-8',
    '?column=site&id_column=2&header=true',
  ],
  ['csv', { header: false }, 'text/csv; charset=utf-8', '?header=false'],
  ['ndjson', {}, 'application/x-ndjson', ''],
  ['text', {}, 'text/plain; charset=utf-8', ''],
] as const)('a list of %s with %j travels as %s', async (...[format, columns, type, query]) => {
  const { baseUrl, seen } = await serve((request, response) =>
    request.url.pathname === '/v1/jobs' ? json(response, sampleJob(), 202) : json(response, sampleEstimate),
  );
  const client = createLinkhaulClient({ baseUrl });
  const fields = { endpoint: 'bulk_backlinks' } as const;
  expect(await client.submitText(fields, 'list', { format, ...columns, idempotencyKey: 'k' })).toEqual(sampleJob());
  expect(await client.estimateText(fields, 'list', { format, ...columns, probe: true, waitMs: 5 })).toEqual(
    sampleEstimate,
  );
  const ofForm = query === '' ? '' : `&${query.slice(1)}`;
  expect(seen.map(({ url }) => url.search)).toEqual([
    `?endpoint=bulk_backlinks${ofForm}`,
    `?endpoint=bulk_backlinks${ofForm}&probe=1&wait_ms=5`,
  ]);
  expect(seen.map(({ headers }) => headers['content-type'])).toEqual([type, type]);
  expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', undefined]);
});

test('a list that is gzip already travels as it is', async () => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  const packed = gzipSync('a.com\n');
  await createLinkhaulClient({ baseUrl }).submitText({ endpoint: 'bulk_backlinks' }, packed, { gzip: 'already' });
  expect(seen[0]?.headers['content-encoding']).toBe('gzip');
  expect(seen[0]?.body.equals(packed)).toBe(true);
});

test('numbers in the query have no exponent', async () => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  await createLinkhaulClient({ baseUrl }).submitText({ endpoint: 'bulk_backlinks', max_cost_usd: 1e-7 }, 'a.com');
  expect(seen[0]?.url.searchParams.get('max_cost_usd')).toBe('0.0000001');
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimalOf(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text) === value).toBe(true);
    }),
  );
});

test.each([true, false])('an error of the source ends the upload, as it is (gzip: %s)', async (gzip) => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  const failure = new Error('disk gone');
  async function* broken() {
    yield 'a.com\n';
    throw failure;
  }
  const sent = createLinkhaulClient({ baseUrl }).submitText({ endpoint: 'bulk_backlinks' }, broken(), { gzip });
  await expect(sent).rejects.toBe(failure);
  expect(seen).toEqual([]);
});

test('a source is left where the service refuses before its end, and is not blamed', async () => {
  const body = JSON.stringify({ type: problemType('budget_too_low'), title: 'x', status: 422, detail: 'y' });
  const server = createServer((_, response) => void response.writeHead(422).end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  const source = new EventEmitter();
  const left = once(source, 'left');
  async function* endless() {
    try {
      for (;;) yield 'a.com\n'.repeat(10_000);
    } finally {
      source.emit('left');
    }
  }
  const client = createLinkhaulClient({ baseUrl: `http://127.0.0.1:${port}` });
  const refused = client.submitText({ endpoint: 'bulk_backlinks' }, endless());
  await expect(refused).rejects.toMatchObject({ code: 'budget_too_low' });
  await left;
});
