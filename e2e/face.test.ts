import { gunzipSync, gzipSync } from 'node:zlib';
import { ENDPOINTS, type EndpointName, upstreamTimestamp } from '@linkhaul/schemas';
import { BacklinksApi } from 'dataforseo-client/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HOLDING, nanos, startWorld, WHILE_POLLING, type World } from './harness.js';
import { startReceiver } from './receiver.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { UPSTREAM_MAX_IN_FLIGHT: '1', ...HOLDING } });
});
afterAll(() => world.stop());

const task = z.looseObject({
  id: z.string(),
  status_code: z.number(),
  status_message: z.string(),
  cost: z.number(),
  result_count: z.number(),
  path: z.array(z.string()),
  data: z.record(z.string(), z.unknown()),
  result: z.array(z.looseObject({})).nullable(),
});
const envelope = z.looseObject({
  status_code: z.number(),
  status_message: z.string(),
  cost: z.number(),
  tasks_count: z.number(),
  tasks_error: z.number(),
  tasks: z.array(task).nullable(),
});

/** Asks as a script does that knows the vendor alone: any login, since this service has no keys. */
async function ask(path: string, body?: unknown, init: RequestInit = {}, url = world.apiUrl) {
  const response = await fetch(`${url}/v3/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Basic ${btoa('local:local')}`, ...init.headers },
    ...(body !== undefined && {
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    }),
    ...(init.signal && { signal: init.signal }),
  });
  const text = await response.text();
  return { http: response.status, text, ...envelope.parse(JSON.parse(text)) };
}

async function onlyTask(path: string, body?: unknown) {
  const { tasks } = await ask(path, body);
  if (tasks?.[0] === undefined || tasks.length > 1) throw new Error(`${path} has not one task`);
  return tasks[0];
}

/** The text of the result, but for the token, which is another one in each answer. */
function resultText(text: string): string {
  return text.slice(text.indexOf('"result":'), text.lastIndexOf('}]}')).replace(/,?"search_after_token":"[^"]+"/, '');
}

const AIMS = {
  bulk: { targets: ['google.com'] },
  list: { target: 'google.com', limit: 5, offset: 2 },
  single: { target: 'google.com' },
  set: { targets: { 1: 'google.com', 2: 'facebook.com' }, limit: 3 },
} as const;

describe('live', () => {
  it.each(Object.keys(ENDPOINTS) as EndpointName[])('%s: the upstream’s result, byte for byte', async (name) => {
    const before = await world.record();
    const posted = { ...AIMS[ENDPOINTS[name].kind], tag: 'mine' };
    const answer = await ask(`backlinks/${name}/live`, [posted]);
    const after = await world.record();
    expect(answer).toMatchObject({ http: 200, status_code: 20000, tasks_count: 1, tasks_error: 0 });
    expect(answer.tasks?.[0]).toMatchObject({
      status_code: 20000,
      path: ['v3', 'backlinks', name, 'live'],
      data: { api: 'backlinks', function: name, ...posted },
    });
    expect(nanos(answer.cost)).toBe(nanos(after.totals.cost_usd) - nanos(before.totals.cost_usd));
    const direct = await ask(`backlinks/${name}/live`, [posted], {}, world.upstreamUrl);
    expect(resultText(answer.text)).toBe(resultText(direct.text));
  });

  it.each(Object.keys(ENDPOINTS) as EndpointName[])('%s: by the vendor’s own client', async (name) => {
    let wire: unknown;
    const authorized = async (url: string, init: RequestInit = {}) => {
      const headers = {
        ...Object.fromEntries(new Headers(init.headers)),
        authorization: `Basic ${btoa('local:local')}`,
      };
      const response = await fetch(url, { ...init, headers });
      wire = await response.clone().json();
      return response;
    };
    const vendor = new BacklinksApi(world.apiUrl, { fetch: authorized });
    const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const method: unknown = Reflect.get(vendor, `${camel}Live`);
    if (typeof method !== 'function') throw new Error(`the vendor's client has no ${camel}Live`);
    const response: unknown = await Reflect.apply(method, vendor, [[AIMS[ENDPOINTS[name].kind]]]);
    expect(response).toMatchObject({ status_code: 20000, tasks_error: 0 });
    expect(JSON.parse(JSON.stringify(response))).toEqual(wire);
  });

  it('as the vendor’s Python example sends it: a map, marked as compressed, which it is not', async () => {
    const headers = { 'content-encoding': 'gzip', 'accept-encoding': 'identity', 'content-type': '' };
    const { tasks } = await ask('backlinks/bulk_ranks/live', JSON.stringify({ '0': AIMS.bulk }), { headers });
    expect(tasks).toMatchObject([{ status_code: 20000, result: [{ items_count: 1 }] }]);
  });

  it('as its node of n8n sends it: a list, whose optional parameters are all there', async () => {
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'n8n' };
    const posted = { targets: ['google.com'], include_subdomains: true, rank_scale: 'one_thousand', tag: null };
    const { tasks } = await ask('backlinks/bulk_pages_summary/live', [posted], { headers });
    expect(tasks).toMatchObject([{ status_code: 20000, result: [{ total_count: 1, items_count: 1 }] }]);
  });
});

/** What the upstream has charged since a moment of its record. */
async function charged(since: Awaited<ReturnType<World['record']>>): Promise<number> {
  return nanos((await world.record()).totals.cost_usd) - nanos(since.totals.cost_usd);
}

const live = (targets: readonly string[], init?: RequestInit) =>
  ask('backlinks/bulk_backlinks/live', [{ targets }], init);

/** How many calls have reached the upstream. */
async function calls(): Promise<number> {
  return (await world.record()).requests.length;
}

describe('a body', () => {
  const path = 'backlinks/bulk_backlinks/live';
  it.each([
    ['empty', '', 40502],
    ['no JSON', '{', 40503],
    ['a bare task', '{"targets":["a.com"]}', 40503],
    ['an empty list', '[]', 40502],
    ['101 tasks', JSON.stringify(Array.from({ length: 101 }, () => ({}))), 40006],
  ])('%s is refused whole, at no cost', async (_, body, code) => {
    const before = await world.record();
    expect(await ask(path, body)).toMatchObject({ http: 200, status_code: code, tasks: null, cost: 0 });
    expect(await charged(before)).toBe(0);
  });

  it.each([
    [{}, 40501, "Invalid Field: 'targets'."],
    [{ targets: ['no target'] }, 40501, "Invalid Field: 'targets'."],
    [{ targets: ['a.com'], limit: 5, deep: 1 }, 40506, 'Unknown Fields in POST Data: limit, deep'],
  ])('with the task %j is answered as the upstream does', async (posted, code, message) => {
    const answer = await ask(path, [posted]);
    const direct = await ask(path, [posted], {}, world.upstreamUrl);
    for (const { tasks, ...said } of [answer, direct]) {
      expect(said).toMatchObject({ status_code: 20000, tasks_error: 1, cost: 0 });
      expect(tasks?.[0]).toMatchObject({ status_code: code, status_message: message, result: null, cost: 0 });
    }
  });

  it('of several tasks runs the first, and one with numbered keys is a list', async () => {
    const { tasks, cost } = await ask(path, { 0: { targets: ['google.com'] }, 1: { targets: ['a.com'] } });
    expect(tasks?.map(({ status_code }) => status_code)).toEqual([20000, 40000]);
    expect(cost).toBe(tasks?.[0]?.cost);
  });

  it('may be compressed, and the answer is', async () => {
    const packed = gzipSync(JSON.stringify([{ targets: ['google.com'] }]));
    const answer = await ask(path, packed, { headers: { 'content-encoding': 'gzip' } });
    expect(answer.tasks?.[0]?.status_code).toBe(20000);
    const posted = [{ target: 'google.com', limit: 50 }];
    const response = await fetch(`${world.apiUrl}/v3/backlinks/backlinks/live`, {
      method: 'POST',
      body: JSON.stringify(posted),
    });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(envelope.parse(await response.json()).tasks?.[0]?.status_code).toBe(20000);
  });

  it('for what is not there is refused', async () => {
    expect(await ask('backlinks/nothing/live', [{}])).toMatchObject({ http: 404, status_code: 40400 });
  });
});

describe('equal requests at once', () => {
  it('are bought once: the others join the first, though it is not accepted yet', async () => {
    const before = await world.record();
    const answers = await Promise.all(Array.from({ length: 6 }, () => live(['linkedin.com'])));
    expect(answers.map(({ tasks }) => tasks?.[0]?.status_code)).toEqual(Array(6).fill(20000));
    expect(await calls()).toBe(before.requests.length + 1);
    expect(answers.reduce((sum, { cost }) => sum + nanos(cost), 0)).toBe(await charged(before));
  });
});

describe('a client that goes', () => {
  it('after its call was sent: an equal request gets that answer, at no cost', async () => {
    await world.settings({ hold: true });
    const before = await world.record();
    const gone = new AbortController();
    const first = live(['twitter.com'], { signal: gone.signal });
    await expect.poll(calls, WHILE_POLLING).toBe(before.requests.length + 1);
    gone.abort();
    await expect(first).rejects.toThrow();
    const second = live(['twitter.com']);
    await world.settings({ hold: false });
    const { tasks, cost } = await second;
    expect(cost).toBe(0);
    expect(tasks?.[0]).toMatchObject({ status_code: 20000, cost: 0, result: [{ items: [{ target: 'twitter.com' }] }] });
    expect(await calls()).toBe(before.requests.length + 1);
    // What was paid for is found, with its cost.
    const found = await onlyTask(`backlinks/task_get/${tasks?.[0]?.id}`);
    expect(nanos(found.cost)).toBe(await charged(before));
    expect(found.result).toEqual(tasks?.[0]?.result);
  });

  it('because the API was killed: another one gives equal requests those answers, bought once', async () => {
    await world.settings({ hold: true });
    const before = await world.record();
    const targets = ['linkedin.com', 'instagram.com'];
    const cut = targets.map((target) => live([target]).catch(() => null));
    const open = async () => (await world.client.jobs({ status: 'running' })).jobs.length;
    await expect.poll(open, WHILE_POLLING).toBe(targets.length);
    await world.api.child.kill();
    expect(await Promise.all(cut)).toEqual(targets.map(() => null));
    await world.restartApi();
    const again = targets.map((target) => live([target]));
    await world.settings({ hold: false });
    for (const [at, { tasks, cost }] of (await Promise.all(again)).entries()) {
      expect([cost, tasks?.[0]?.status_code]).toEqual([0, 20000]);
      expect(tasks?.[0]?.result).toMatchObject([{ items: [{ target: targets[at] }] }]);
    }
    expect(await calls()).toBe(before.requests.length + targets.length);
  });

  it('before: it is withdrawn and costs nothing', async () => {
    await world.settings({ hold: true });
    const before = await world.record();
    const holder = live(['facebook.com']);
    await expect.poll(calls, WHILE_POLLING).toBe(before.requests.length + 1);
    const gone = new AbortController();
    const first = live(['apple.com'], { signal: gone.signal });
    const statuses = async () => {
      const { jobs } = await world.client.jobs({ limit: 1 });
      return jobs[0]?.status;
    };
    await expect.poll(statuses, WHILE_POLLING).toBe('running');
    gone.abort();
    await expect(first).rejects.toThrow();
    await expect.poll(statuses, WHILE_POLLING).toBe('cancelled');
    await world.settings({ hold: false });
    expect((await holder).status_code).toBe(20000);
    expect(await calls()).toBe(before.requests.length + 1);
  });
});

const setTenant = (change: { budget_usd: number | null } | { max_age: string | null }) =>
  fetch(`${world.apiUrl}/v1/tenants/local`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });

describe('a budget', () => {
  it('that is over is answered 40210, at no cost', async () => {
    const before = await world.record();
    expect((await setTenant({ budget_usd: 0.001 })).status).toBe(200);
    const { tasks, cost } = await live(['microsoft.com']);
    expect([tasks?.[0]?.status_code, cost]).toEqual([40210, 0]);
    expect(await onlyTask('appendix/user_data')).toMatchObject({ result: [{ money: { total: 0.001, balance: 0 } }] });
    expect((await setTenant({ budget_usd: null })).status).toBe(200);
    expect((await live(['microsoft.com'])).tasks?.[0]?.status_code).toBe(20000);
    expect(await calls()).toBe(before.requests.length + 1);
  });
});

describe('Standard tasks', () => {
  const path = 'backlinks/bulk_backlinks';
  const ready = async () => ((await onlyTask(`${path}/tasks_ready`)).result ?? []).map(({ id }) => id);

  it('are packed into one call, told when ready, fetched one by one, and their shares are the cost', async () => {
    const before = await world.record();
    const receiver = await startReceiver();
    const hooks = {
      pingback_url: `${receiver.url}/ping?id=$id&tag=$tag`,
      postback_url: `${receiver.url}/post?id=$id`,
      postback_data: 'regular',
    };
    const posted = [
      { targets: ['google.com'], tag: 'a b' },
      { targets: ['facebook.com', 'twitter.com'], tag: 'b & c', ...hooks },
      { targets: ['no target'] },
      { targets: ['google.com'], tag: 'the same again' },
    ];
    const { tasks = [], cost, tasks_error } = await ask(`${path}/task_post`, posted);
    expect([cost, tasks_error]).toEqual([0, 1]);
    expect(tasks?.map(({ status_code }) => status_code)).toEqual([20100, 20100, 40501, 20100]);
    const ids = (tasks ?? []).filter(({ status_code }) => status_code === 20100).map(({ id }) => id);
    // The second is posted back, and need not be fetched.
    await expect.poll(ready, WHILE_POLLING).toEqual([ids[0], ids[2]]);
    expect(await calls()).toBe(before.requests.length + 1);
    await onlyTask(`${path}/task_get/${ids[0]}`);
    expect(await ready()).toEqual([ids[2]]);

    const fetched = await Promise.all(ids.map((id) => onlyTask(`${path}/task_get/${id}`)));
    expect(fetched.map(({ data }) => data.tag)).toEqual(['a b', 'b & c', 'the same again']);
    const targets = fetched.map(({ result }) =>
      z.array(z.looseObject({ target: z.string() })).parse(result?.[0]?.items),
    );
    expect(targets.map((items) => items.map(({ target }) => target).toSorted())).toEqual([
      ['google.com'],
      ['facebook.com', 'twitter.com'],
      ['google.com'],
    ]);
    expect(fetched.reduce((sum, { cost: share }) => sum + nanos(share), 0)).toBe(await charged(before));
    expect(await ready()).toEqual([]);

    await receiver.received(2);
    const second = ids[1] ?? '';
    const [ping, post] = receiver.seen.toSorted((one, other) => one.method.localeCompare(other.method));
    expect(ping).toMatchObject({ method: 'GET', path: `/hook/ping?id=${second}&tag=b%20%26%20c` });
    expect(post).toMatchObject({ method: 'POST', path: `/hook/post?id=${second}` });
    expect(JSON.parse(gunzipSync(post?.bytes ?? Buffer.alloc(0)).toString()).tasks[0]).toMatchObject({
      id: second,
      result: fetched[1]?.result,
    });
  });

  it('pay what one call of them would have cost; what the refused one cost more is its own', async () => {
    const before = await world.record();
    await world.fault({
      kind: 'status',
      code: 40501,
      level: 'task',
      target: 'bad.com',
      message: "Invalid Field: 'targets'.",
    });
    const posted = ['google.com', 'facebook.com', 'twitter.com', 'bad.com'].map((target) => ({ targets: [target] }));
    const { tasks } = await ask(`${path}/task_post`, posted);
    const ids = (tasks ?? []).map(({ id }) => id);
    await expect.poll(ready, WHILE_POLLING).toEqual(ids);
    await world.clearFaults();
    const fetched = await Promise.all(ids.map((id) => onlyTask(`${path}/task_get/${id}`)));
    expect(fetched.map(({ status_code }) => status_code)).toEqual([20000, 20000, 20000, 40501]);
    expect(fetched[3]?.status_message).toBe("Invalid Field: 'targets'.");
    const costs = fetched.map(({ cost }) => nanos(cost));
    expect(costs).toEqual([8_036_000, 8_036_000, 8_036_000, 24_000_000]);
    expect(costs.reduce((sum, cost) => sum + cost)).toBe(await charged(before));
  });

  it('whose targets were not all asked for say that they have a part', async () => {
    await world.settings({ hold: true });
    const of = (name: string) => Array.from({ length: 60 }, (_, at) => `${name}-${at}.com`);
    const posted = [{ targets: of('first') }, { targets: of('second') }];
    const { tasks } = await ask('backlinks/bulk_pages_summary/task_post', posted);
    const { jobs } = await world.client.jobs({ limit: 1 });
    const id = jobs[0]?.id ?? '';
    await world.arrived(id, 1);
    // The other call waits for its turn: one call may be under way at a time.
    await world.client.cancel(id);
    await world.settings({ hold: false });
    const get = (at: number) => onlyTask(`backlinks/bulk_pages_summary/task_get/${tasks?.[at]?.id}`);
    const codes = async () => (await Promise.all([get(0), get(1)])).map(({ status_code }) => status_code);
    await expect.poll(codes, WHILE_POLLING).toEqual([20000, 40106]);
    const [{ items = [] } = {}] = (await get(1)).result ?? [];
    expect(items).toHaveLength(40);
  });

  it('of a list are calls of one job, each with its own result, as soon as it is there', async () => {
    const refusal = { code: 50000, level: 'task', message: 'Internal Error.' };
    await world.fault({ kind: 'status', target: 'facebook.com', ...refusal });
    const receiver = await startReceiver();
    const pingback_url = `${receiver.url}/$id`;
    const posted = ['google.com', 'facebook.com'].map((target) => ({ target, limit: 3, pingback_url }));
    const { tasks } = await ask('backlinks/anchors/task_post', posted);
    const get = async (id = '') => onlyTask(`backlinks/anchors/task_get/${id}`);
    const listed = async () => (await onlyTask('backlinks/anchors/tasks_ready')).result?.map(({ id }) => id);
    await expect.poll(listed, WHILE_POLLING).toEqual([tasks?.[0]?.id]);
    expect((await get(tasks?.[1]?.id)).status_code).toBe(40602);
    await receiver.received(1);
    await world.clearFaults();
    for (const [at, { id }] of (tasks ?? []).entries()) {
      await expect.poll(async () => (await get(id)).status_code, WHILE_POLLING).toBe(20000);
      expect((await get(id)).result).toMatchObject([{ target: posted[at]?.target }]);
    }
    expect(await listed()).toBeUndefined();
    await receiver.received(2);
    expect(receiver.seen.map(({ path }) => path)).toEqual((tasks ?? []).map(({ id }) => `/hook/${id}`));
  });
});

describe('a tenant that has answers reused', () => {
  const KINDS = ['bulk_ranks', 'backlinks', 'summary', 'domain_intersection'] as const;

  it('gets what it has as it was bought, and pays for the rest alone', async () => {
    const aims = { ...AIMS, list: { target: 'google.com', limit: 5 } };
    const asked = (name: EndpointName) => ask(`backlinks/${name}/live`, [aims[ENDPOINTS[name].kind]]);
    const bought = await Promise.all(KINDS.map(asked));
    expect((await setTenant({ max_age: '1h' })).status).toBe(200);
    const before = await world.record();
    const reused = await Promise.all(KINDS.map(asked));
    expect(reused.map(({ text }) => resultText(text))).toEqual(bought.map(({ text }) => resultText(text)));
    expect(reused.map(({ tasks }) => tasks?.[0]?.result)).toEqual(bought.map(({ tasks }) => tasks?.[0]?.result));
    expect(reused.map(({ cost }) => cost)).toEqual(KINDS.map(() => 0));
    expect(await calls()).toBe(before.requests.length);

    const posted = [{ targets: ['google.com', 'apple.com'] }, { targets: ['google.com'] }];
    const { tasks } = await ask('backlinks/bulk_ranks/task_post', posted);
    const get = (id: string) => onlyTask(`backlinks/bulk_ranks/task_get/${id}`);
    const ids = (tasks ?? []).map(({ id }) => id);
    const last = ids.at(-1) ?? '';
    await expect.poll(async () => (await get(last)).status_code, WHILE_POLLING).toBe(20000);
    const [both, one] = await Promise.all(ids.map(get));
    expect([nanos(both?.cost ?? 0), one?.cost]).toEqual([await charged(before), 0]);
    expect(both?.result).toMatchObject([{ items_count: 2 }]);
    expect(one?.result).toEqual(reused[0]?.tasks?.[0]?.result);
    expect(await calls()).toBe(before.requests.length + 1);
    expect((await setTenant({ max_age: null })).status).toBe(200);
  });
});

describe('the record', () => {
  const within = { datetime_from: '2026-01-01 00:00:00 +00:00', datetime_to: '2100-01-01 00:00:00 +00:00' };

  it('lists the calls of the tenant with their costs, and those that failed', async () => {
    const from = upstreamTimestamp(new Date(Date.now() - 86_400_000));
    const { result } = await onlyTask('backlinks/id_list', [
      { ...within, datetime_from: from, include_metadata: true },
    ]);
    const entries = z.array(z.looseObject({ cost: z.number(), metadata: z.object({}).loose() })).parse(result);
    const { totals } = await world.record();
    // An answer that an equal request joined is one entry.
    expect(entries.reduce((sum, { cost }) => sum + nanos(cost), 0)).toBe(nanos(totals.cost_usd) - (await direct()));
    const failed = await onlyTask('backlinks/errors', [{}]);
    expect(failed.result).toMatchObject([
      { function: 'backlinks/bulk_pages_summary', error_code: 40106 },
      { function: 'backlinks/bulk_backlinks', error_code: 40501 },
      { error_code: 40103 },
      { error_code: 40103 },
    ]);
  });

  /** What the tests' own calls to the upstream have cost. */
  async function direct(): Promise<number> {
    const { requests } = await world.record();
    return requests
      .filter(({ tag }) => !tag?.startsWith('job_'))
      .reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
  }
});

it('a job may be told of its end as a task is', async () => {
  const receiver = await startReceiver();
  const hooks = { pingback_url: `${receiver.url}/ping/$id?$tag`, postback_url: `${receiver.url}/post/$id` };
  const { id } = await world.client.submit({ endpoint: 'bulk_ranks', tag: 'a/b', ...hooks }, ['google.com']);
  await receiver.received(2);
  const [ping, post] = receiver.seen.toSorted((one, other) => one.method.localeCompare(other.method));
  expect(ping).toMatchObject({ method: 'GET', path: `/hook/ping/${id}?a%2Fb`, body: '' });
  expect(post).toMatchObject({ method: 'POST', path: `/hook/post/${id}` });
  const told: unknown = JSON.parse(gunzipSync(post?.bytes ?? Buffer.alloc(0)).toString());
  expect(told).toMatchObject({ id, status: 'completed', ...hooks });
  for (const { id: delivery } of (await world.client.deliveries({ job: id })).deliveries) {
    await world.client.redeliver(delivery);
  }
  await receiver.received(4);
  expect(receiver.seen.map(({ id: delivery }) => delivery).toSorted()).toEqual(
    [ping?.id, ping?.id, post?.id, post?.id].toSorted(),
  );
});
