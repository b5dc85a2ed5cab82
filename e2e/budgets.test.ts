import { afterAll, beforeAll, expect, it } from 'vitest';
import { domains, nanos, type World } from './harness.js';
import { startTenants, type Tenants } from './tenants.js';

let world: World;
let clients: Tenants['clients'];

beforeAll(async () => {
  ({ world, clients } = await startTenants({
    workers: 1,
    env: {
      UPSTREAM_MAX_IN_FLIGHT: '8',
      BACKLINKS_MAX_IN_FLIGHT: '8',
    },
  }));
});
afterAll(() => world.stop());

async function recorded(ids: readonly string[]): Promise<number> {
  const { requests } = await world.record();
  return requests
    .filter(({ tag }) => ids.includes(tag?.split('.')[0] ?? ''))
    .reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
}

it('tells what a bulk job will cost to the last digit, and buys nothing for it', async () => {
  const before = (await world.record()).totals.cost_usd;
  const list = [...domains(1500).map((name) => `www${name.length}.${name}`), ...domains(700), ...domains(300), 'no'];
  const fields = { endpoint: 'bulk_pages_summary' } as const;
  const foreseen = await clients.alpha.estimate(fields, list);
  expect(foreseen).toMatchObject({ rows: 2501, invalid: 1, duplicates: 300, balance_usd: null });
  expect(foreseen.calls.in_input_order).toBeGreaterThan(foreseen.calls.planned);
  expect((await world.record()).totals.cost_usd).toBe(before);
  const { id } = await clients.alpha.submit(fields, list);
  const job = await clients.alpha.waitFor(id);
  expect(job.calls.planned).toBe(foreseen.calls.planned);
  expect(nanos(job.cost.spent_usd)).toBe(nanos(foreseen.cost_usd.low));
  expect(foreseen.cost_usd.high).toBe(foreseen.cost_usd.low);
  expect((await clients.admin.estimate(fields, list)).balance_usd).toEqual(expect.any(Number));
});

it('learns the sizes of lists by buying an item of each, and then knows what they cost', async () => {
  const targets = ['wikipedia.org', 'github.com', 'mozilla.org', ...domains(3), 'github.com'];
  const fields = { endpoint: 'domain_pages', max_items_per_target: 5000, max_cost_usd: 100 } as const;
  const blind = await clients.alpha.estimate(fields, targets);
  const learnt = await clients.alpha.estimate({ ...fields, tag: 'sizes' }, targets, { probe: true });
  expect(learnt.probe).toMatchObject({ rows: 7 });
  expect(learnt.cost_usd.low).toBeGreaterThan(blind.cost_usd.low);
  expect(blind.cost_usd.high).toBeGreaterThan(learnt.cost_usd.low);
  expect(learnt.saved_usd).toBeGreaterThan(blind.saved_usd);
  expect(learnt.cost_usd.high).toBe(learnt.cost_usd.low);
  const probe = await clients.alpha.job(learnt.probe?.job ?? '');
  expect(probe).toMatchObject({ tag: 'sizes', max_items_per_target: 1, duplicates: 1, calls: { done: 6 } });
  expect(nanos(learnt.probe?.spent_usd ?? 0)).toBe(await recorded([probe.id]));
  const { id } = await clients.alpha.submit(fields, targets);
  const job = await clients.alpha.waitFor(id);
  expect(nanos(job.cost.spent_usd)).toBe(nanos(learnt.cost_usd.low));
  expect(job.calls.planned).toBe(learnt.calls.planned);
});

it('answers with what is known when a probe takes too long, and never spends more than its bound', async () => {
  await world.settings({ latency_ms: 300 });
  const fields = { endpoint: 'referring_domains', max_cost_usd: 0.05 } as const;
  const early = await clients.alpha.estimate(fields, domains(5), { probe: true, waitMs: 0 });
  expect(early).toMatchObject({ probe: { rows: 0, spent_usd: 0 }, bound_by: 'budget' });
  expect(early.cost_usd.high).toBe(0.05);
  const job = await clients.alpha.waitFor(early.probe?.job ?? '');
  await world.settings({ latency_ms: 0 });
  expect(job).toMatchObject({ tag: 'estimate', status: 'completed', outcome: 'partial' });
  expect(job.rows.skipped).toBeGreaterThan(0);
  expect(await recorded([job.id])).toBeLessThanOrEqual(nanos(0.05));
});

it('holds a tenant to its budget against its own jobs’ race, while another goes on; raised, they go on', async () => {
  const before = (await clients.admin.tenant('alpha')).committed_usd;
  // Less than any of the jobs needs, so that none of them can end.
  const room = 0.2;
  const set = await clients.admin.setTenant('alpha', { budget_usd: before + room });
  expect(set).toMatchObject({ tenant: 'alpha', period: 'day', default_daily_usd: null });
  const fields = { endpoint: 'domain_pages', max_items_per_target: 1 } as const;
  const race = [1, 2, 3, 4].map((part) => clients.alpha.submit(fields, domains(10 * part).slice(-10)));
  const ids = (await Promise.all(race)).map(({ id }) => id);
  const other = await clients.beta.submit(fields, domains(30));
  const paused = await Promise.all(ids.map((id) => clients.alpha.waitFor(id, { untilPaused: true, roundMs: 200 })));
  for (const job of paused) expect(job).toMatchObject({ status: 'paused', reason: 'tenant_budget' });
  expect(await clients.beta.waitFor(other.id)).toMatchObject({ status: 'completed', outcome: 'complete' });

  await expect.poll(async () => (await clients.admin.tenant('alpha')).committed_usd).toBeGreaterThan(before);
  const spent = await recorded(ids);
  expect(spent).toBeLessThanOrEqual(nanos(room));
  expect(spent).toBeGreaterThan(nanos(room) - nanos(0.025));
  expect(nanos((await clients.admin.tenant('alpha')).committed_usd)).toBe(nanos(before) + spent);

  expect(await clients.admin.setTenant('alpha', { budget_usd: null })).toMatchObject({ budget_usd: null });
  for (const id of ids) {
    const job = await clients.alpha.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', outcome: 'complete', rows: { pending: 0, skipped: 0 } });
    expect(job.history.filter(({ by }) => by === 'system').map(({ action }) => action)).toContain('resume');
  }
});
