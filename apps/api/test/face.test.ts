import { placeOfTask, taskId } from '@linkhaul/jobs';
import { job } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
const KEYS = { acme: 'key-of-acme-0000000000000000', other: 'key-of-other-000000000000000' };

beforeAll(async () => {
  service = await starter.start({
    LINKHAUL_API_KEYS: `acme:${KEYS.acme},other:${KEYS.other}`,
    TENANT_DAILY_USD: '5',
    // A live request waits for about a second; nothing works on it here.
    TIME_SCALE: '0.01',
  });
});
afterAll(starter.closeAll);

const answer = z.looseObject({
  status_code: z.number(),
  tasks: z
    .array(z.looseObject({ id: z.string(), status_code: z.number(), result: z.array(z.looseObject({})).nullable() }))
    .nullable(),
});

async function ask(path: string, authorization: string, body?: unknown) {
  const response = await fetch(`${service.url}/v3/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { http: response.status, headers: response.headers, ...answer.parse(await response.json()) };
}

const basic = (login: string, password: string) => `Basic ${btoa(`${login}:${password}`)}`;
const ACME = basic('acme', KEYS.acme);
const OTHER = basic('other', KEYS.other);

/** The ids of two Standard tasks. */
async function post(authorization: string): Promise<string[]> {
  const tasks = [{ targets: ['a.com'] }, { targets: ['b.com'] }];
  const posted = await ask('backlinks/bulk_ranks/task_post', authorization, tasks);
  return (posted.tasks ?? []).map(({ id }) => id);
}

async function only(path: string, authorization: string, body?: unknown) {
  return (await ask(path, authorization, body)).tasks?.[0];
}

describe('a caller', () => {
  it.each([
    ['the login of the tenant', ACME],
    ['a bearer token', `Bearer ${KEYS.acme}`],
  ])('is let in with %s', async (_, authorization) => {
    expect(await ask('appendix/user_data', authorization)).toMatchObject({
      status_code: 20000,
      tasks: [{ result: [{ login: 'acme', money: { balance: 5, limits: { day: { total: 5 } } } }] }],
    });
  });

  it('is let in with the id of a key that the service has made', async () => {
    const response = await fetch(`${service.url}/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.acme}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'script', scope: 'read' }),
    });
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(await response.json());
    expect((await ask('appendix/user_data', basic(id, key))).status_code).toBe(20000);
    // It reads only.
    expect(await ask('backlinks/bulk_ranks/live', basic(id, key), [{}])).toMatchObject({ http: 401 });
  });

  it.each([
    ['without credentials', ''],
    ['with a wrong password', basic('acme', 'another-key-0000000000000000')],
    ['with the login of another tenant', basic('other', KEYS.acme)],
  ])('%s is refused in the vendor’s form', async (_, authorization) => {
    const refused = await ask('appendix/user_data', authorization);
    expect(refused).toMatchObject({ http: 401, status_code: 40100, tasks: null });
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
  });
});

describe('a live task that no worker takes', () => {
  it('ends with 50401 when the time is over, is withdrawn, and its request is forgotten', async () => {
    const task = await only('backlinks/bulk_ranks/live', ACME, [{ targets: ['late.com'], tag: 'late' }]);
    expect(task).toMatchObject({ status_code: 50401, cost: 0, result: null, data: { tag: 'late' } });
    const jobs = await service.services.store.byTag('acme', 'late');
    expect(jobs).toMatchObject([{ status: 'cancelled', counts: { total: 1, skipped: 1, spent: 0 } }]);
    // If its server had died, the deadline would have ended it.
    expect(jobs[0]?.bounds.deadline).toBeLessThanOrEqual(Date.now());
    expect(await service.redis.keys(`${service.keys.root}:live-request:*`)).toEqual([]);
  });
});

describe('Standard tasks', () => {
  it('that are alike are one job, for each caller, and wait in the queue', async () => {
    const [first = '', second = ''] = await post(ACME);
    expect(first.slice(0, -1)).toBe(second.slice(0, -1));
    const [third = ''] = await post(ACME);
    expect(third.slice(0, -1)).not.toBe(first.slice(0, -1));
    expect(await only(`backlinks/bulk_ranks/task_get/${second}`, ACME)).toMatchObject({
      id: second,
      status_code: 40602,
      cost: 0,
      data: { targets: ['b.com'] },
    });
  });

  it('of another tenant are not there, like those that never were', async () => {
    const [id = ''] = await post(ACME);
    const unknown = taskId(`job_${'0'.repeat(29)}`);
    for (const asked of [id, unknown, id.replace(/.$/, 'z'), 'x', '..%2F..']) {
      const found = await only(`backlinks/bulk_ranks/task_get/${asked}`, asked === id ? OTHER : ACME);
      expect(found).toMatchObject({ status_code: 40401, result: null });
    }
    expect((await only('backlinks/tasks_ready', OTHER))?.result).toBeNull();
    const times = { datetime_from: '2026-11-30 00:00:00 +00:00', datetime_to: '2100-01-01 00:00:00 +00:00' };
    expect((await only('backlinks/id_list', OTHER, [times]))?.result).toBeNull();
    expect((await only('backlinks/errors', OTHER, [{}]))?.result).toBeNull();
    const own = await only('backlinks/id_list', ACME, [{ ...times, sort: 'desc', limit: 2 }]);
    expect(own?.result?.map((entry) => entry.status)).toEqual([null, null]);
  });

  it.each(['none', 'live', 'standard'])('are found among other jobs by their kind: %s', async (kind) => {
    await post(ACME);
    const listed = await fetch(`${service.url}/v1/jobs?tasks=${kind}`, {
      headers: { authorization: `Bearer ${KEYS.acme}` },
    });
    const { jobs } = z.object({ jobs: z.array(job) }).parse(await listed.json());
    const kinds = jobs.map(({ tasks }) => tasks?.kind ?? 'none');
    // The live one is that which no worker took.
    expect([...new Set(kinds)]).toEqual(kind === 'none' ? [] : [kind]);
  });

  it('of which a request has too many are accepted but for those behind the hundredth', async () => {
    const tasks = Array.from({ length: 102 }, (_, at) => ({ targets: [`site-${at}.com`] }));
    const posted = await ask('backlinks/bulk_ranks/task_post', ACME, tasks);
    const codes = (posted.tasks ?? []).map(({ status_code }) => status_code);
    expect(codes).toEqual([...Array(100).fill(20100), 40006, 40006]);
    expect(posted).toMatchObject({ tasks_count: 102, tasks_error: 2 });
  });

  it.each([
    ['domain_intersection', { targets: { 1: 'a.com', 2: '-b.com' } }, 'targets'],
    ['backlinks', { target: 'a.com', filters: ['url_from', 'like', 'x'.repeat(70_000)] }, 'filters'],
  ])('of %s that ask for something else than they seem, or are endless, are refused', async (name, task, field) => {
    const refused = await only(`backlinks/${name}/task_post`, ACME, [task]);
    expect(refused).toMatchObject({ status_code: 40501, status_message: `Invalid Field: '${field}'.`, cost: 0 });
  });

  it('are found by their own function alone', async () => {
    const [id = ''] = await post(ACME);
    expect(await only(`backlinks/anchors/task_get/${id}`, ACME)).toMatchObject({ status_code: 40004 });
    expect(await only(`backlinks/task_get/${id}`, ACME)).toMatchObject({ status_code: 40602 });
  });

  it.each(['pingback_url', 'postback_url'])('have a %s that can be asked, without a password', async (field) => {
    for (const url of ['no url', 'ftp://a.com', 'https://user:password@a.com/', 'https://$tag.a.com/']) {
      const task = await only('backlinks/bulk_ranks/task_post', ACME, [{ targets: ['a.com'], [field]: url }]);
      expect(task).toMatchObject({ status_code: 40501, status_message: `Invalid Field: '${field}'.` });
    }
  });
});

describe('the tenant’s `max_age`', () => {
  const maxAges = async (authorization: string, posted: object) => {
    const task = await only('backlinks/anchors/task_post', authorization, [posted]);
    const place = placeOfTask(task?.id ?? '');
    const tenant = authorization === ACME ? 'acme' : 'other';
    const job = place && (await service.services.store.get({ tenant, id: place.job }));
    return job?.description.max_age;
  };

  it('is that of its own tasks, but for those from the middle of a list on', async () => {
    await service.services.tenants.setMaxAge('acme', '7d');
    expect(await maxAges(ACME, { target: 'a.com' })).toBe('7d');
    expect(await maxAges(ACME, { target: 'a.com', offset: 1 })).toBeUndefined();
    expect(await maxAges(OTHER, { target: 'a.com' })).toBeUndefined();
    await service.services.tenants.setMaxAge('acme', null);
    expect(await maxAges(ACME, { target: 'a.com' })).toBeUndefined();
  });
});

describe('what needs no task', () => {
  it.each([
    ['backlinks/available_filters', { domain_pages: { 'meta.title': 'str' } }],
    ['appendix/errors', { code: 20000, message: 'Ok.' }],
  ])('%s is there', async (path, first) => {
    const { status_code, tasks } = await ask(path, ACME);
    expect(status_code).toBe(20000);
    expect(tasks?.[0]).toMatchObject({ status_code: 20000, cost: 0 });
    expect(tasks?.[0]?.result?.[0]).toMatchObject(first);
  });
});

it.each(['//v3/appendix/user_data', '/v3/appendix/user_data/', '///v3//appendix/user_data?a=/b//'])(
  'a path with slashes too many is meant: %s',
  async (path) => {
    const response = await fetch(`${service.url}${path}`, { headers: { authorization: ACME } });
    expect(await response.json()).toMatchObject({ status_code: 20000, tasks: [{ result: [{ login: 'acme' }] }] });
    const refused = await fetch(`${service.url}${path}`);
    expect([refused.status, await refused.json()]).toMatchObject([401, { status_code: 40100 }]);
  },
);

it.each([
  ['POST', 'appendix/user_data'],
  ['GET', 'backlinks/bulk_ranks/live'],
  ['PUT', 'backlinks/bulk_ranks/live'],
  ['POST', 'backlinks/bulk_ranks/live.ai'],
  ['GET', 'backlinks/bulk_ranks/task_get/'],
  ['GET', ''],
])('%s /v3/%s is not there, in the vendor’s form', async (method, path) => {
  const response = await fetch(`${service.url}/v3/${path}`, { method, headers: { authorization: ACME } });
  expect([response.status, await response.json()]).toMatchObject([404, { status_code: 40400, tasks: null, cost: 0 }]);
});
