import type { CallsPage, Tenant, UsagePage } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { createLinkhaulClient, LinkhaulUnexpectedAnswer } from '../../src/service/index.js';
import { json, serve } from './http-server.js';
import { sampleEstimate } from './samples.js';

const AT = '2026-11-01T10:00:00.000Z';

const usage: UsagePage = {
  usage: [
    { tag: 'weekly', 'metadata.team': null, calls: 1, items: 2, spent_usd: 0.1, wasted_usd: 0, unconfirmed_usd: 0 },
  ],
  total: { calls: 1, items: 2, spent_usd: 0.1, wasted_usd: 0, unconfirmed_usd: 0 },
  next_cursor: 'c2',
};

const attempt = {
  tag: 'job_1.1.1',
  upstream_task_id: null,
  sent_at: AT,
  answered_at: null,
  code: null,
  cost_usd: null,
  worker: 'w',
};

const calls: CallsPage = {
  calls: [{ call: 1, status: 'sending', targets: 1, offset: 0, attempts: [attempt] }],
  next_cursor: null,
};

const tenant: Tenant = {
  tenant: 'a',
  budget_usd: 5,
  period: 'day',
  committed_usd: 1,
  default_daily_usd: null,
  requests_per_minute: 60,
  weight: 3,
  max_age: null,
};

test('estimates, usage, calls and budgets ask what the contract says', async () => {
  const { baseUrl, seen } = await serve(({ url }, response) => {
    const answers: Record<string, unknown> = { estimates: sampleEstimate, usage, calls, a: tenant };
    json(response, answers[url.pathname.split('/').at(-1) ?? '']);
  });
  const client = createLinkhaulClient({ baseUrl });
  const fields = { endpoint: 'domain_pages', max_cost_usd: 1 } as const;
  expect(await client.estimate(fields, ['a.com'], { probe: true, waitMs: 10 })).toEqual(sampleEstimate);
  expect(`${seen[0]?.method} ${seen[0]?.url.pathname}${seen[0]?.url.search}`).toBe(
    'POST /v1/estimates?probe=1&wait_ms=10',
  );
  expect(JSON.parse(String(seen[0]?.body))).toEqual({ ...fields, targets: ['a.com'] });
  await client.estimate(fields, ['a.com']);
  expect(seen[1]?.url.search).toBe('');
  expect(await client.usage({ from: '2026-01-01', groupBy: ['tag', 'metadata.team'], limit: 5 })).toEqual(usage);
  expect(seen[2]?.url.search).toBe('?from=2026-01-01&group_by=tag%2Cmetadata.team&limit=5');
  expect(await client.calls('job_1', { status: ['sending', 'unknown'], cursor: '7' })).toEqual(calls);
  expect(`${seen[3]?.url.pathname}${seen[3]?.url.search}`).toBe(
    '/v1/jobs/job_1/calls?status=sending%2Cunknown&cursor=7',
  );
  expect(await client.tenant('a')).toEqual(tenant);
  expect(await client.setTenant('a', { budget_usd: 5, period: 'day', requests_per_minute: 60, weight: 3 })).toEqual(
    tenant,
  );
  expect(`${seen[5]?.method} ${seen[5]?.url.pathname}`).toBe('PUT /v1/tenants/a');
  expect(JSON.parse(String(seen[5]?.body))).toEqual({
    budget_usd: 5,
    period: 'day',
    requests_per_minute: 60,
    weight: 3,
  });
});

test('an estimate in another form is an unexpected answer', async () => {
  const { baseUrl } = await serve((_, response) => json(response, { ...sampleEstimate, cost_usd: 1 }));
  const asked = createLinkhaulClient({ baseUrl }).estimate({ endpoint: 'bulk_backlinks' }, ['a.com']);
  await expect(asked).rejects.toThrow(LinkhaulUnexpectedAnswer);
});
