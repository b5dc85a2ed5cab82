import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createLinkhaulClient } from '../../src/service/index.js';
import { json, serve } from './http-server.js';
import { sampleJob } from './samples.js';

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

test.each([true, false])('an error of the source ends the upload (gzip: %s)', async (gzip) => {
  const { baseUrl, seen } = await serve((_, response) => json(response, sampleJob(), 202));
  async function* broken() {
    yield 'a.com\n';
    throw new Error('disk gone');
  }
  const sent = createLinkhaulClient({ baseUrl }).submitText({ endpoint: 'bulk_backlinks' }, broken(), { gzip });
  await expect(sent).rejects.toThrow(/disk gone/);
  expect(seen).toEqual([]);
});
