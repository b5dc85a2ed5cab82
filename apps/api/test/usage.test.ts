import { usagePage, usdOf } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { rawly } from './raw.js';
import { createStarter, type Service } from './service.js';

const DAY_MS = 86_400_000;

const starter = createStarter();
let service: Service;
/** The first of this month, UTC. */
let month: number;

const keyOf = { alpha: 'key-a-of-a-tenant', beta: 'key-b-of-a-tenant' };
const as = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
const dayText = (at: number) => new Date(at).toISOString().slice(0, 10);

async function jobFor(tenant: keyof typeof keyOf, fields: object) {
  const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['a.com'], ...fields });
  return jobOf(await ask(`${service.url}/v1/jobs`, { method: 'POST', body, ...as(keyOf[tenant]) }));
}

let attempt = 1;

/** Money spent for a call sent at a time, by an answer that came too late to decide anything. */
async function spend({ tenant, id }: { tenant: string; id: string }, at: number, cost: number): Promise<void> {
  const rows = { ok: 0, empty: 0, failed: 0, failedCode: 'upstream_error' as const };
  const none = { ...rows, items: 0, followers: [], simulated: true, keepUnconfirmed: false };
  const late = { ...none, verdict: 'stored' as const, cost, sentAt: at };
  await service.services.ledger.settle({ job: { tenant, id }, call: 1, attempt: ++attempt }, late);
}

beforeAll(async () => {
  service = await starter.start({
    LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant',
    LINKHAUL_ADMIN_KEY: 'key-admin-of-all',
  });
  const now = new Date(await service.services.calls.now());
  month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const one = await jobFor('alpha', { tag: 'one', metadata: { team: 'x, "y"' } });
  const two = await jobFor('alpha', { tag: 'two' });
  const other = await jobFor('beta', { tag: 'one' });
  await spend(one, month - 1, 1);
  await spend(one, month, 20);
  await spend(two, month, 300);
  await spend(two, month - 10 * DAY_MS, 4000);
  await spend(other, month, 50_000);
  await spend(other, month - 700 * DAY_MS, 600_000);
});
afterAll(starter.closeAll);

async function usageOf(query: Record<string, string>, key = 'key-admin-of-all') {
  const answer = await ask(`${service.url}/v1/usage?${new URLSearchParams(query)}`, as(key));
  expect(answer.status, answer.text).toBe(200);
  return usagePage.parse(JSON.parse(answer.text));
}

/** From the middle of last month to the end of this. */
const span = () => ({ from: dayText(month - 15 * DAY_MS), to: dayText(month + 31 * DAY_MS) });

async function spentBy(group: string, key?: string) {
  const { usage, total } = await usageOf({ ...span(), group_by: group }, key);
  return { usage: usage.map((line) => [line[group], Math.round(line.spent_usd * 1e9)]), total: total.spent_usd };
}

describe('usage', () => {
  it('is told by each kind of group, and a tenant sees its own alone', async () => {
    const last = dayText(month - 1);
    expect(await spentBy('tenant')).toEqual({
      usage: [
        ['alpha', 4321],
        ['beta', 50_000],
      ],
      total: usdOf(54_321),
    });
    expect(await spentBy('tag')).toMatchObject({
      usage: [
        ['one', 50_021],
        ['two', 4300],
      ],
    });
    expect(await spentBy('month', 'key-a-of-a-tenant')).toMatchObject({
      usage: [
        [last.slice(0, 7), 4001],
        [dayText(month).slice(0, 7), 320],
      ],
    });
    expect(await spentBy('day', 'key-a-of-a-tenant')).toMatchObject({
      usage: [
        [dayText(month - 10 * DAY_MS), 4000],
        [last, 1],
        [dayText(month), 320],
      ],
    });
    expect(await spentBy('metadata.team', 'key-a-of-a-tenant')).toMatchObject({
      usage: [
        [null, 4300],
        ['x, "y"', 21],
      ],
    });
    expect((await spentBy('tenant', 'key-b-of-a-tenant')).usage).toEqual([['beta', 50_000]]);
    expect((await spentBy('endpoint')).usage).toEqual([['bulk_backlinks', 54_321]]);
  });

  it('has one group of the jobs without a tag', async () => {
    const at = month - 400 * DAY_MS;
    for (const cost of [7, 80]) await spend(await jobFor('alpha', {}), at, cost);
    await spend(await jobFor('alpha', { tag: 'one' }), at, 900);
    const { usage } = await usageOf({ from: dayText(at), to: dayText(at + DAY_MS), group_by: 'tag' });
    expect(usage.map(({ tag, spent_usd }) => [tag, spent_usd])).toEqual([
      [null, usdOf(87)],
      ['one', usdOf(900)],
    ]);
  });

  it('counts from the first day to the one before the last, also as times of 00:00 UTC', async () => {
    const [from, to] = [new Date(month - DAY_MS).toISOString(), new Date(month).toISOString()];
    expect((await usageOf({ from, to })).total.spent_usd).toBe(usdOf(1));
    expect((await usageOf({ from: dayText(month), to: '9999-12-31' })).total.spent_usd).toBe(usdOf(50_320));
    const long = { from: dayText(month - 701 * DAY_MS), to: dayText(month - 699 * DAY_MS) };
    expect((await usageOf(long)).total.spent_usd).toBe(usdOf(600_000));
  });

  it.each([
    [{ from: '2026-02-30' }, 'counted whole'],
    [{ from: '2026-01-01T12:00:00Z' }, 'counted whole'],
    [{ to: 'yesterday' }, 'counted whole'],
    [{ from: '2020-01-01' }, '25 months'],
    [{ from: '2099-01-02', to: '2099-01-01' }, 'before'],
    [{ group_by: 'tag,tenat' }, 'group_by'],
    [{ group_by: 'tag,tag' }, 'twice'],
    [{ format: 'xml' }, 'format'],
    [{ format: 'csv', limit: '5' }, 'limit'],
    [{ cursor: 'x' }, 'cursor'],
    [{ gruop_by: 'tag' }, 'group_by'],
  ])('%j is refused', async (query, word) => {
    const answer = await ask(`${service.url}/v1/usage?${new URLSearchParams(query)}`, as('key-a-of-a-tenant'));
    expect(problemOf(answer, 'invalid_request').detail).toContain(word);
  });

  it('comes in pages, each with the total of all', async () => {
    const query = { ...span(), group_by: 'tag,day', limit: '2' };
    const all = await usageOf({ ...query, limit: '1000' });
    const first = await usageOf(query);
    const cursor = first.next_cursor ?? '';
    // A cursor brings its days along.
    const second = await usageOf({ group_by: 'tag,day', limit: '2', cursor });
    expect([...first.usage, ...second.usage]).toEqual(all.usage);
    expect(second).toMatchObject({ total: all.total, next_cursor: null });
    expect(all.next_cursor).toBeNull();
    const other = new URLSearchParams({ ...span(), group_by: 'tag', cursor });
    problemOf(await ask(`${service.url}/v1/usage?${other}`, as('key-admin-of-all')), 'invalid_request');
  });

  it('guards a spreadsheet against what a tenant calls its jobs', async () => {
    await jobFor('beta', { tag: '=1+1' });
    const query = new URLSearchParams({ ...span(), group_by: 'tag', format: 'csv', spreadsheet: '1' });
    const { body } = await rawly(`${service.url}/v1/usage?${query}`, as('key-b-of-a-tenant').headers);
    expect(String(body)).toMatch(/^\ufefftag,calls/);
    problemOf(await ask(`${service.url}/v1/usage?spreadsheet=1`, as('key-b-of-a-tenant')), 'invalid_request');
  });

  it('comes as CSV, quoted where it must be, with money to the last digit', async () => {
    const query = new URLSearchParams({ ...span(), group_by: 'metadata.team,tag', format: 'csv' });
    const answer = await ask(`${service.url}/v1/usage?${query}`, as('key-a-of-a-tenant'));
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.text.split('\r\n')).toEqual([
      'metadata.team,tag,calls,items,spent_usd,wasted_usd,unconfirmed_usd',
      ',two,2,0,0.0000043,0.0000043,0',
      '"x, ""y""",one,2,0,0.000000021,0.000000021,0',
      '',
    ]);
  });
});

it('without keys is that of all tenants', async () => {
  const open = await starter.start();
  jobOf(await postJson(`${open.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
  const answer = await ask(`${open.url}/v1/usage`);
  expect(usagePage.parse(JSON.parse(answer.text))).toMatchObject({ usage: [], total: { spent_usd: 0 } });
});
