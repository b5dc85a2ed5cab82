import { shownApiKey } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, jobOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start({
    LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant',
    LINKHAUL_ADMIN_KEY: 'key-admin-of-all',
  });
});
afterAll(starter.closeAll);

const post = (path: string, key: string, body: object = {}) =>
  ask(`${service.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it('names the key that was made here, else the tenant, and both amounts of a budget that is changed', async () => {
  const made = await post('keys?tenant=alpha', 'key-admin-of-all', { name: 'ci', scope: 'submit' });
  const { id: keyId, key } = shownApiKey.parse(JSON.parse(made.text));
  const { id } = jobOf(await post('jobs', key, { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
  const act = async (action: string, by: string, body?: object) => jobOf(await post(`jobs/${id}/${action}`, by, body));
  await act('pause', 'key-a-of-a-tenant');
  await act('resume', key, { max_cost_usd: 2.5 });
  // Said again it is nothing new.
  await act('resume', 'key-a-of-a-tenant', { max_cost_usd: 2.5 });
  await act('resume', 'key-a-of-a-tenant', { max_cost_usd: 1_000_000 });
  await act('cancel', 'key-a-of-a-tenant');
  const { jobSteps, store } = service.services;
  await jobSteps.finish({ tenant: 'alpha', id });
  await store.retire({ tenant: 'alpha', id });
  const job = await act('retry', key, { max_cost_usd: 0.024036001 });
  expect(job.history.map(({ by, action, from, to }) => [by, action, from, to])).toEqual([
    [keyId, 'submit', '', 'queued'],
    ['alpha', 'pause', 'queued', 'paused'],
    [keyId, 'set_budget', '', '2.5'],
    [keyId, 'resume', 'paused', 'queued'],
    ['alpha', 'set_budget', '2.5', '1000000'],
    ['alpha', 'cancel', 'queued', 'cancelled'],
    [keyId, 'set_budget', '1000000', '0.024036001'],
    [keyId, 'retry', 'cancelled', 'running'],
  ]);
});

it('names the key of a job that a probe has made', async () => {
  const made = await post('keys?tenant=alpha', 'key-admin-of-all', { name: 'ci', scope: 'submit' });
  const { id: keyId, key } = shownApiKey.parse(JSON.parse(made.text));
  const asked = { endpoint: 'domain_pages', targets: ['a.com'], max_cost_usd: 1 };
  const { probe } = JSON.parse((await post('estimates?probe=1&wait_ms=0', key, asked)).text);
  const record = await service.services.store.get({ tenant: 'alpha', id: probe.job });
  expect(record?.history).toMatchObject([{ by: keyId, action: 'submit' }]);
});
