import { gzipSync } from 'node:zlib';
import { upstreamEnvelope } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { serveAllTests } from './serve-tests.js';
import { call } from './support.js';

const server = serveAllTests();

const repeated = (text: string, count: number) => `${`${text},`.repeat(count - 1)}${text}`;
const fields = (count: number) => Array.from({ length: count }, (_, i) => `"f${i}":1`).join(',');

test.each([
  ['a sort of millions', `[{"target":"forbes.com","order_by":[${repeated('1', 4_000_000)}]}]`, 40503],
  ['a filter of millions', `[{"target":"forbes.com","filters":[${repeated('[]', 2_000_000)}]}]`, 40503],
  ['many lists that are short', `[{"target":"forbes.com","filters":[${repeated('[1,1,1,1]', 5000)}]}]`, 40503],
  ['a map of fields', `[{"target":"forbes.com",${fields(20_001)}}]`, 40503],
  ['the second of two tasks', `[{"target":"forbes.com"},{"order_by":[${repeated('1', 20_000)}]}]`, 40503],
  ['a list of millions for tasks', `[${repeated('{}', 2_000_000)}]`, 40006],
  ['a map of many tasks', `{${Array.from({ length: 101 }, (_, i) => `"${i}":{}`).join(',')}}`, 40006],
])('%s is refused as a whole', async (_, text, code) => {
  const init = { headers: { 'content-encoding': 'gzip' } };
  const answer = await server.post('/v3/backlinks/domain_pages/live', new Uint8Array(gzipSync(text)), init);
  expect(await answer.json()).toMatchObject({ status_code: code, tasks: null, cost: 0 });
});

test('of thousands of unknown fields a few are named', async () => {
  const unset = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`unset${i}`, null]));
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, 1]));
  const { tasks } = await call(server, 'bulk_backlinks', { ...unset, ...wide, targets: ['forbes.com'] });
  expect(tasks).toMatchObject([{ status_code: 40506, status_message: expect.stringContaining('POST Data: field0, ') }]);
  expect(tasks?.[0]?.status_message?.length).toBeLessThan(200);
  const envelope = await call(server, 'bulk_backlinks', { ...unset, targets: ['forbes.com'] });
  expect(envelope).toMatchObject({ tasks_error: 0 });
});

test('the longest lists that are documented are taken', async () => {
  const values = Array.from({ length: 1000 }, (_, i) => i);
  const filters = Array.from({ length: 15 }, (_, i) => (i % 2 === 0 ? ['size', 'in', values] : 'or'));
  expect(await call(server, 'domain_pages', { target: 'forbes.com', filters })).toMatchObject({ tasks_error: 0 });
});

test('a hundred tasks of a thousand targets each are taken, and the first is run', async () => {
  const task = { targets: Array.from({ length: 1000 }, (_, i) => `site-${i}.com`) };
  const answer = await server.post(
    '/v3/backlinks/bulk_backlinks/live',
    Array.from({ length: 100 }, () => task),
  );
  const envelope = upstreamEnvelope.parse(await answer.json());
  expect(envelope).toMatchObject({ status_code: 20000, tasks_count: 100, tasks_error: 99, cost: 0.06 });
});
