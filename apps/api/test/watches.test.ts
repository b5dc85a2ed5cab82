import { changedWatch, watch, watchesPage } from '@linkhaul/schemas';
import { paths, readRows } from '@linkhaul/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf, putJson } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeEach(async () => {
  service = await starter.start();
});
afterEach(starter.closeAll);

const FIELDS = { endpoint: 'bulk_backlinks', schedule: { every: '7d' } };

const put = (fields: object, name = 'weekly') => putJson(`${service.url}/v1/watches/${name}`, fields);

async function made(fields: object) {
  const answer = await put({ ...FIELDS, ...fields });
  expect(answer.status, answer.text).toBeLessThan(300);
  return changedWatch.parse(JSON.parse(answer.text));
}

async function read(name = 'weekly') {
  return watch.parse(JSON.parse((await ask(`${service.url}/v1/watches/${name}`)).text));
}

/** The targets of the list that the watch keeps. */
async function keptTargets(): Promise<string[]> {
  const { services } = service;
  const found = await services.watches.get({ tenant: 'local', name: 'weekly' });
  const list = { tenant: 'local', id: found?.doc.list.id ?? '' };
  return (await readRows(services.storage, list, 0)).map(({ target }) => target);
}

describe('what a watch could never do is refused by name', () => {
  it.each<[object, string, RegExp]>([
    [{ schedule: { cron: '0 6 30 2 *' } }, '/schedule/cron', /never comes/],
    [{ schedule: { cron: '*/4 * * * *' } }, '/schedule/cron', /every five minutes/],
    [{ schedule: { cron: '0 6 * *' } }, '/schedule/cron', /five fields/],
    [{ schedule: { cron: '0 6 * * 1', time_zone: 'Mars/Olympus' } }, '/schedule/time_zone', /time zone/],
    [{ schedule: { every: '4m' } }, '/schedule/every', /every five minutes/],
    [{ max_age: '7d' }, '/max_age', /shorter than the time between two runs/],
    [{ max_age: '1 week' }, '/max_age', /duration/],
    [{ alert: [{ field: 'backlink', change: 'drop' }] }, '/alert/0/field', /did you mean `backlinks`/],
    [{ alert: [{ change: 'lost' }, { change: 'rise' }] }, '/alert/1/field', /is needed for `rise`/],
    [{ endpoint: 'domain_pages', alert: [{ field: 'status_code', change: 'fall' }] }, '/alert/0/change', /./],
    [{ webhook: { url: 'https://me:secret@example.com' } }, '/webhook/url', /user name/],
    [{ budget: { usd: 0.000001, period: 'day' } }, '/budget/usd', /buys nothing/],
    [{ of_job: 'job_1' }, '/of_job', /no job/],
  ])('%j', async (fields, pointer, says) => {
    const list = 'of_job' in fields ? {} : { list: ['a.com'] };
    const answer = await put({ ...FIELDS, ...list, ...fields });
    const { errors } = problemOf(answer, pointer === '/budget/usd' ? 'budget_too_low' : 'invalid_request');
    expect(errors?.[0]).toMatchObject({ pointer, message: expect.stringMatching(says) });
    expect(await service.leftovers()).toEqual([]);
  });

  it('a field of jobs that a watch has not, and a name that no path can hold', async () => {
    const { detail } = problemOf(
      await put({ ...FIELDS, list: ['a.com'], deadline: '2030-01-01T00:00:00Z' }),
      'invalid_request',
    );
    expect(detail).toContain('deadline');
    problemOf(await put({ ...FIELDS, list: ['a.com'] }, 'a%2Fb'), 'not_found');
    problemOf(await ask(`${service.url}/v1/watches/weekly`), 'not_found');
  });
});

describe('the list', () => {
  it('is kept while the rest is changed, and replaced by another one', async () => {
    const first = await made({ list: ['a.com', 'A.com', 'no'] });
    expect(first).toMatchObject({
      version: 1,
      list: { rows: 3, invalid: 1, duplicates: 1 },
      input: { format: 'json' },
    });
    const second = await made({ schedule: { cron: '0 6 * * 1', time_zone: 'Europe/Berlin' } });
    expect(second).toMatchObject({ version: 2, list: first.list, schedule: { time_zone: 'Europe/Berlin' } });
    expect(second.input).toBe(undefined);
    expect(await keptTargets()).toEqual(['a.com', 'a.com']);
    await made({ list: ['b.com'] });
    expect(await keptTargets()).toEqual(['b.com']);
    expect(await service.services.removals.leftovers(10)).toHaveLength(1);
  });

  it('is needed at first, and where its targets would be read by other rules', async () => {
    expect(problemOf(await put(FIELDS), 'invalid_request').errors?.[0]).toMatchObject({ pointer: '/list' });
    await made({ list: ['a.com'] });
    const other = await put({ ...FIELDS, endpoint: 'bulk_pages_summary' });
    expect(problemOf(other, 'invalid_request').errors?.[0]?.message).toContain('`endpoint` changes');
  });

  it('may be the body, with the fields in the query, or that of a job', async () => {
    const query = new URLSearchParams({
      endpoint: 'bulk_backlinks',
      schedule: '{"every":"12h"}',
      alert: '[{"change":"lost"}]',
    });
    const headers = { 'content-type': 'text/plain' };
    const path = `${service.url}/v1/watches/weekly`;
    const answer = await ask(`${path}?${query}`, { method: 'PUT', headers, body: 'x.com\ny.com\n' });
    expect(answer.status, answer.text).toBe(201);
    expect(await read()).toMatchObject({ list: { rows: 2 }, alert: [{ change: 'lost', scope: 'row' }] });
    const job = jobOf(
      await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['of-job.com', 'no'] }),
    );
    expect(await made({ of_job: job.id })).toMatchObject({ version: 2, list: { rows: 2, invalid: 1 } });
    expect(await keptTargets()).toEqual(['of-job.com']);
  });
});

it('a deleted watch leaves nothing behind but what was spent under its name', async () => {
  const nothing = await service.leftovers();
  await made({ list: ['a.com'], budget: { usd: 1, period: 'week' } });
  const { status } = await ask(`${service.url}/v1/watches/weekly`, { method: 'DELETE' });
  expect(status).toBe(204);
  problemOf(await ask(`${service.url}/v1/watches/weekly`, { method: 'DELETE' }), 'not_found');
  const [list] = await service.services.removals.leftovers(10);
  if (list === undefined) throw new Error('its list is not to be removed');
  await service.services.storage.remove(paths.job(list));
  const left = (await service.leftovers()).filter((name) => !nothing.includes(name));
  expect(left.filter((name) => /watch/.test(name)).map((name) => name.replace(/^.*?:/, ''))).toEqual([
    'watch-budgets:local',
  ]);
  expect(left.filter((name) => name.endsWith('.ndjson.gz'))).toEqual([]);
});

it('watches are a tenant’s own, by name, page by page, and no more than a hundred', async () => {
  for (const name of ['c', 'a', 'b']) expect((await put({ ...FIELDS, list: ['a.com'] }, name)).status).toBe(201);
  const page = async (query: string) =>
    watchesPage.parse(JSON.parse((await ask(`${service.url}/v1/watches?${query}`)).text));
  const first = await page('limit=2');
  expect(first.watches.map(({ name }) => name)).toEqual(['a', 'b']);
  const rest = await page(`limit=2&cursor=${first.next_cursor}`);
  expect(rest.watches.map(({ name }) => name)).toEqual(['c']);
  expect(rest.next_cursor).toBe(null);
  expect(await service.services.watches.get({ tenant: 'another', name: 'a' })).toBe(null);
  const { redis, keys } = service;
  await redis.zadd(keys.watches('local'), ...Array.from({ length: 97 }, (_, at) => [0, `more-${at}`]).flat());
  problemOf(await put({ ...FIELDS, list: ['a.com'] }, 'd'), 'conflict');
});

it('is paused, resumed and run, and says so', async () => {
  await made({ list: ['a.com'] });
  const act = async (action: string) => ask(`${service.url}/v1/watches/weekly/${action}`, { method: 'POST' });
  await act('pause');
  expect(await read()).toMatchObject({ status: 'paused', next_run_at: null });
  expect((await act('run')).status).toBe(202);
  expect(await read()).toMatchObject({ run: { by: 'user', job: null } });
  problemOf(await act('run'), 'conflict');
  await act('resume');
  expect(Date.parse((await read()).next_run_at ?? '')).toBeGreaterThan(Date.now());
});
