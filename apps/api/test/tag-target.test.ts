import { tagTarget } from '@linkhaul/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { finishedListJob } from './finished-job.js';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

type Named = string | { readonly target: string; readonly id: string };

/** A planned job, and who does its calls. */
async function plan(tag: string, targets: readonly Named[], { size = 2, endpoint = 'bulk_backlinks' } = {}) {
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint, targets, tag }));
  const worker = await createWorker(service, { tenant: 'local', id });
  await worker.plan(size);
  await worker.send();
  return { id, worker };
}

const askFor = (tag: string, query: Record<string, string>) =>
  ask(`${service.url}/v1/tags/${encodeURIComponent(tag)}/targets?${new URLSearchParams(query)}`);

async function follow(tag: string, query: Record<string, string>) {
  const answer = await askFor(tag, query);
  expect(answer.status, answer.text).toBe(200);
  return tagTarget.parse(JSON.parse(answer.text));
}

it('shows a target in each run, with the numbers of its item', async () => {
  // Another row's id, and what stands before a normal form, are not the target.
  const first = await plan('weekly', [{ target: 'b.com', id: 'a.com' }, 'x.com', 'WWW.a.com', 'y.com']);
  await first.worker.settle(1, {
    outcome: { kind: 'bulk', items: [0, -1] },
    items: [{ target: 'b.com', backlinks: 1 }],
  });
  await first.worker.settle(2, {
    outcome: { kind: 'bulk', items: [1, 0] },
    items: [
      { target: 'y.com', backlinks: 7 },
      { target: 'a.com', backlinks: 5 },
    ],
  });
  await first.worker.finish();
  const second = await plan('weekly', ['a.com', 'b.com', 'a.com'], { size: 1 });
  const without = await plan('weekly', ['c.com']);
  await without.worker.settle(1, { outcome: { kind: 'bulk', items: [-2] } });

  const { runs, ...of } = await follow('weekly', { target: 'A.com' });
  expect(of).toEqual({
    tag: 'weekly',
    endpoint: 'bulk_backlinks',
    target: 'a.com',
    fields: [{ name: 'backlinks', type: 'integer' }],
    next_cursor: null,
  });
  const nothing = { line: null, status: null, items: null, total_count: null, values: null, finished_at: null };
  expect(runs).toEqual([
    { ...nothing, job: without.id, created_at: expect.any(String) },
    { ...nothing, job: second.id, created_at: expect.any(String), line: 1, status: 'pending', items: 0 },
    {
      ...nothing,
      job: first.id,
      created_at: expect.any(String),
      finished_at: expect.any(String),
      line: 3,
      status: 'ok',
      items: 1,
      values: { backlinks: 5 },
    },
  ]);
  expect((await follow('weekly', { target: 'x.com' })).runs.map(({ status }) => status)).toEqual([null, null, 'empty']);
  const pages = [await follow('weekly', { target: 'a.com', limit: '2' })];
  pages.push(await follow('weekly', { target: 'a.com', limit: '2', cursor: pages[0]?.next_cursor ?? '' }));
  expect(pages.flatMap((page) => page.runs)).toEqual(runs);
  expect(pages.at(-1)?.next_cursor).toBeNull();
});

it('shows how many items a list has, and which run of a retried job decided the row', async () => {
  const id = (await finishedListJob(service, 'lists')).split('/').at(-1) ?? '';
  const { fields, runs } = await follow('lists', { target: 'a.com' });
  expect(fields).toEqual([]);
  expect(runs).toMatchObject([{ job: id, line: 1, status: 'ok', items: 2, total_count: 3, values: null }]);
  const job = { tenant: 'local', id };
  await service.services.store.retire(job);
  expect((await ask(`${service.url}/v1/jobs/${id}/retry`, { method: 'POST' })).status).toBe(200);
  const worker = await createWorker(service, job);
  await worker.planAgain();
  expect((await follow('lists', { target: 'c.com' })).runs).toMatchObject([{ line: 5, status: 'pending' }]);
  expect((await follow('lists', { target: 'a.com' })).runs).toMatchObject([{ line: 1, status: 'ok' }]);
});

it('finds every target of a plan of many parts, and none that is not in it', async () => {
  const hosts = Array.from({ length: 12 }, (_, at) => [
    `a${at}.com`,
    `https://a${at}.com/`,
    `https://a${at}.com/é?q="x"`,
  ]);
  const { id } = await plan('many', hosts.flat(), { size: 1 });
  const rows = (await ask(`${service.url}/v1/jobs/${id}/rows?format=ndjson`)).text.trimEnd().split('\n');
  const lines = new Map(rows.map((text) => JSON.parse(text)).map(({ target, line }) => [target, line]));
  expect(lines.size).toBe(36);
  const other = fc.oneof(fc.domain(), fc.webUrl({ validSchemes: ['https'] }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...lines.keys()), other), async (target) => {
      const answer = await askFor('many', { target });
      if (answer.status !== 200) return void problemOf(answer, 'invalid_request');
      const { runs, target: normal } = tagTarget.parse(JSON.parse(answer.text));
      expect(runs).toMatchObject([{ line: lines.get(normal) ?? null }]);
    }),
    { numRuns: slowTries(40) },
  );
});

it('refuses what is no target, a tag that is unknown, and a tag of two endpoints without one', async () => {
  await plan('two', ['a.com']);
  await plan('two', ['a.com'], { endpoint: 'bulk_pages_summary' });
  problemOf(await askFor('two', { target: 'a.com' }), 'conflict');
  expect((await follow('two', { target: 'a.com', endpoint: 'bulk_backlinks' })).runs).toHaveLength(1);
  const { errors } = problemOf(
    await askFor('two', { target: 'localhost', endpoint: 'bulk_backlinks' }),
    'invalid_request',
  );
  expect(errors).toMatchObject([{ pointer: 'target', message: expect.stringContaining('labels') }]);
  problemOf(await askFor('none', { target: 'a.com' }), 'not_found');
  problemOf(await askFor('two', {}), 'invalid_request');
});
