import { callsPage, rowsPage } from '@linkhaul/schemas';
import { paths } from '@linkhaul/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const ROOTS = 6;
const STORED = 2;

it('while a plan grows, rows and calls are listed as far as it is stored, and the list goes on from there', async () => {
  const targets = Array.from({ length: 2 * ROOTS }, (_, at) => `site-${at}.com`);
  const { tenant, id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets }));
  const job = { tenant, id };
  const worker = await createWorker(service, job);
  const { storage, jobSteps } = service.services;
  await worker.plan(2, STORED);
  // What a planner has not written yet is not there.
  const keys = Array.from({ length: ROOTS }, (_, part) => paths.plan(job, part));
  const parts = await Promise.all(keys.map(async (key) => (await storage.get(key)) ?? Buffer.alloc(0)));
  const store = (from: number, to: number) =>
    Promise.all(keys.slice(from, to).map((key, at) => storage.put(key, parts[from + at] ?? Buffer.alloc(0))));
  await storage.remove(`${paths.job(job)}/plan`);
  await store(0, STORED);
  await worker.send();
  await worker.settle(1, { outcome: { kind: 'bulk', items: [0, 1] }, items: [{}, {}] });

  const url = `${service.url}/v1/jobs/${id}`;
  const rowsAt = async (query = '') => rowsPage.parse(JSON.parse((await ask(`${url}/rows${query}`)).text));
  const statuses = ({ rows }: Awaited<ReturnType<typeof rowsAt>>) => rows.map(({ line, status }) => [line, status]);
  const first = await rowsAt();
  expect(statuses(first)).toEqual([
    [1, 'ok'],
    [2, 'ok'],
    [3, 'pending'],
    [4, 'pending'],
  ]);
  const still = await rowsAt(`?cursor=${first.next_cursor}`);
  expect([still.rows, still.next_cursor]).toEqual([[], first.next_cursor]);
  const { calls } = callsPage.parse(JSON.parse((await ask(`${url}/calls`)).text));
  expect(calls.map(({ call, targets: count }) => [call, count])).toEqual([
    [1, 2],
    [2, 2],
  ]);
  expect((await ask(`${url}/results`)).status).toBe(200);
  // A file of rows has them all.
  problemOf(await ask(`${url}/rows?format=csv`), 'unavailable');
  expect(jobOf(await ask(url))).toMatchObject({ calls: { planned: ROOTS }, rows: { ok: 2, pending: 10 } });

  await store(STORED, ROOTS);
  await jobSteps.planned(job, { roots: ROOTS, callsPerPart: 1, manual: false });
  const rest = await rowsAt(`?cursor=${first.next_cursor}`);
  expect(statuses(rest)).toEqual(Array.from({ length: 8 }, (_, at) => [at + 5, 'pending']));
  expect(rest.next_cursor).toBeNull();
});
