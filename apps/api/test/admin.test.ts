import { type Tenant, tenant } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readApiEnv } from '../src/env.js';
import { ask, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  const keys = {
    LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant',
    LINKHAUL_ADMIN_KEY: 'key-admin-of-all',
  };
  service = await starter.start({ ...keys, TENANT_DAILY_USD: '3' });
});
afterAll(starter.closeAll);

const as = (key: string, method = 'GET', body?: unknown) => ({
  method,
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
});
const at = (path: string) => `${service.url}/v1/${path}`;

async function tenantOf(asked: ReturnType<typeof ask>): Promise<Tenant> {
  const answer = await asked;
  expect(answer.status, answer.text).toBe(200);
  return tenant.parse(JSON.parse(answer.text));
}

describe('the admin’s key', () => {
  it('is no tenant’s', async () => {
    for (const path of ['jobs', 'jobs/job_1', 'jobs/job_1/calls', 'tags', 'webhooks/secret']) {
      const { detail } = problemOf(await ask(at(path), as('key-admin-of-all')), 'forbidden');
      expect(detail).toContain('tenant');
    }
    const list = { endpoint: 'domain_pages', targets: ['a.com'], max_cost_usd: 1 };
    problemOf(await ask(at('jobs'), as('key-admin-of-all', 'POST', list)), 'forbidden');
    problemOf(await ask(at('estimates?probe=1'), as('key-admin-of-all', 'POST', list)), 'forbidden');
  });

  it('finds no more than others where there is nothing', async () => {
    for (const key of ['key-admin-of-all', 'key-a-of-a-tenant']) {
      for (const path of ['nothing', 'jobs/job_1/nothing', 'keys/key_1/nothing']) {
        problemOf(await ask(at(path), as(key)), 'not_found');
      }
      for (const [method, path, allow] of [
        ['DELETE', 'jobs', 'POST, GET'],
        ['PUT', 'jobs/job_1/calls', 'GET'],
        ['PUT', 'keys', 'GET, POST'],
        ['POST', 'capacity', 'GET'],
      ] as const) {
        const answer = await ask(at(path), as(key, method));
        problemOf(answer, 'method_not_allowed');
        expect(answer.headers.get('allow')).toBe(allow);
      }
    }
    problemOf(await ask(at('nothing'), as('wrong')), 'unauthorized');
  });

  it('is taken for what concerns all tenants, and needed for what is the admin’s alone', async () => {
    await service.services.prices.publish('127.0.0.1:1', {
      prices: {},
      balance: 5_000_000_000,
      simulated: true,
      origin: null,
    });
    const list = { endpoint: 'bulk_backlinks', targets: ['a.com'] };
    const balanceFor = async (key: string) =>
      JSON.parse((await ask(at('estimates'), as(key, 'POST', list))).text).balance_usd;
    expect(await balanceFor('key-admin-of-all')).toBe(5);
    expect(await balanceFor('key-a-of-a-tenant')).toBeNull();
    expect((await ask(at('usage'), as('key-admin-of-all'))).status).toBe(200);
    problemOf(await ask(at('capacity'), as('key-admin-of-all')), 'unavailable');
    problemOf(await ask(at('tenants/alpha'), as('key-a-of-a-tenant')), 'forbidden');
    problemOf(await ask(at('tenants/alpha'), as('key-a-of-a-tenant', 'PUT', { budget_usd: 1000 })), 'forbidden');
    problemOf(await ask(at('tenants/alpha'), as('wrong')), 'unauthorized');
    expect(await tenantOf(ask(at('tenants/alpha'), as('key-admin-of-all')))).toMatchObject({ budget_usd: null });
  });

  it('must be one of its own', () => {
    const problemsOf = (settings: Record<string, string>) => {
      const result = readApiEnv({ UPSTREAM_URL: 'http://127.0.0.1:1', ...settings });
      return result.ok ? [] : result.problems;
    };
    const same = { LINKHAUL_API_KEYS: 'a:the-same-for-both', LINKHAUL_ADMIN_KEY: 'the-same-for-both' };
    expect(problemsOf(same)).toEqual([expect.stringContaining('LINKHAUL_ADMIN_KEY')]);
    expect(problemsOf({ LINKHAUL_ADMIN_KEY: 'two words of letters' })).toEqual([
      expect.stringContaining('LINKHAUL_ADMIN_KEY'),
    ]);
    expect(problemsOf({ ...same, LINKHAUL_ADMIN_KEY: 'another-for-admins' })).toEqual([]);
  });

  it('alone lets nobody else in; without any key who is on this machine is the admin', async () => {
    const alone = await starter.start({ LINKHAUL_ADMIN_KEY: 'key-admin-of-all' });
    problemOf(await ask(`${alone.url}/v1/jobs`), 'unauthorized');
    problemOf(await ask(`${alone.url}/v1/tenants/x`), 'unauthorized');
    expect((await ask(`${alone.url}/v1/tenants/x`, as('key-admin-of-all'))).status).toBe(200);
    const open = await starter.start();
    expect((await ask(`${open.url}/v1/tenants/local`)).status).toBe(200);
  });
});

describe('a tenant’s limits', () => {
  const put = (name: string, body: unknown) => ask(at(`tenants/${name}`), as('key-admin-of-all', 'PUT', body));

  it('of money are set, changed and taken away', async () => {
    const none = {
      tenant: 'beta',
      budget_usd: null,
      period: null,
      committed_usd: 0,
      default_daily_usd: 3,
      requests_per_minute: null,
      weight: 1,
      max_age: null,
    };
    expect(await tenantOf(put('beta', { budget_usd: 0.5, period: 'month' }))).toEqual({
      ...none,
      budget_usd: 0.5,
      period: 'month',
    });
    expect(await tenantOf(put('beta', { budget_usd: 0 }))).toEqual({ ...none, budget_usd: 0, period: 'day' });
    expect(await tenantOf(ask(at('tenants/beta'), as('key-admin-of-all')))).toMatchObject({ budget_usd: 0 });
    expect(await tenantOf(put('beta', { budget_usd: null }))).toEqual(none);
  });

  it('of requests a minute are kept beside its budget, and hold at once', async () => {
    const limitOf = async () => (await ask(at('jobs'), as('key-a-of-a-tenant'))).headers.get('ratelimit-policy');
    expect(await limitOf()).toBeNull();
    expect(await tenantOf(put('alpha', { budget_usd: 2, requests_per_minute: 1_000_000 }))).toMatchObject({
      budget_usd: 2,
      requests_per_minute: 1_000_000,
    });
    expect(await tenantOf(put('alpha', { requests_per_minute: 500 }))).toMatchObject({ budget_usd: 2 });
    expect(await limitOf()).toBe('"default";q=500;w=60');
    expect(await tenantOf(put('alpha', { budget_usd: null }))).toMatchObject({ requests_per_minute: 500 });
    expect((await ask(at('tenants/alpha'), as('key-admin-of-all'))).headers.get('ratelimit-policy')).toBeNull();
    expect(await tenantOf(put('alpha', { requests_per_minute: null }))).toMatchObject({ requests_per_minute: null });
    expect(await limitOf()).toBeNull();
  });

  it('of its share of the calls stands beside them, and goes without a trace', async () => {
    expect(await tenantOf(put('gamma', { weight: 100 }))).toMatchObject({ weight: 100, budget_usd: null });
    expect(await tenantOf(put('gamma', { requests_per_minute: 5 }))).toMatchObject({ weight: 100 });
    expect(await tenantOf(put('gamma', { weight: 3, requests_per_minute: null }))).toMatchObject({ weight: 3 });
    expect(await tenantOf(put('gamma', { weight: 1 }))).toMatchObject({ weight: 1 });
    expect(await service.redis.exists(service.keys.tenant('gamma'))).toBe(0);
  });

  it('of the answers that its tasks reuse are set and taken away', async () => {
    expect(await tenantOf(put('delta', { max_age: '7d' }))).toMatchObject({ max_age: '7d', budget_usd: null });
    expect(await tenantOf(put('delta', { max_age: null }))).toMatchObject({ max_age: null });
  });

  it.each([
    [{}, 'invalid_request'],
    [{ budget_usd: -1 }, 'invalid_request'],
    [{ budget_usd: 1_000_001 }, 'invalid_request'],
    [{ budget_usd: '5' }, 'invalid_request'],
    [{ budget_usd: 5, period: 'year' }, 'invalid_request'],
    [{ budget_usd: null, period: 'day' }, 'invalid_request'],
    [{ budget_usd: 5, perod: 'day' }, 'invalid_request'],
    [{ budget_usd: 5, weight: 0 }, 'invalid_request'],
    [{ weight: 101 }, 'invalid_request'],
    [{ weight: 1.5 }, 'invalid_request'],
    [{ weight: null }, 'invalid_request'],
    [{ max_age: '7' }, 'invalid_request'],
    [{ period: 'day', requests_per_minute: 5 }, 'invalid_request'],
    [{ requests_per_minute: 0 }, 'invalid_request'],
    [{ requests_per_minute: 1.5 }, 'invalid_request'],
    [{ requests_per_minute: 1_000_001 }, 'invalid_request'],
  ])('%j is refused as %s', async (body, code) => {
    problemOf(await put('beta', body), code);
    expect(await tenantOf(ask(at('tenants/beta'), as('key-admin-of-all')))).toMatchObject({ budget_usd: null });
  });

  it.each(['.hidden', 'a%2Fb', 'a%20b', 'x'.repeat(65)])('the name %s is refused', async (name) => {
    problemOf(await put(name, { budget_usd: 1 }), 'invalid_request');
  });
});
