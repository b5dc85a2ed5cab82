import type { LinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { domains, nanos, type World } from './harness.js';
import { startTenants, type Tenants } from './tenants.js';

type Fields = Parameters<LinkhaulClient['submit']>[0];

const TRIO = ['wikipedia.org', 'github.com', 'mozilla.org'];

let world: World;
let clients: Tenants['clients'];

beforeAll(async () => {
  ({ world, clients } = await startTenants({
    env: {
      UPSTREAM_MAX_IN_FLIGHT: '5',
      BACKLINKS_MAX_IN_FLIGHT: '5',
    },
  }));
});
afterAll(() => world.stop());

async function run(tenant: 'alpha' | 'beta', fields: Fields, targets: string[]): Promise<Job> {
  const { id } = await clients[tenant].submit(fields, targets);
  return clients[tenant].waitFor(id);
}

/** What these jobs cost, by the upstream's own record. */
async function recorded(jobs: readonly Job[]): Promise<number> {
  const ids = new Set(jobs.map(({ id }) => id));
  const { requests } = await world.record();
  return requests
    .filter(({ tag }) => ids.has(tag?.split('.')[0] ?? ''))
    .reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
}

/** The ledger, read page by page. */
async function callsOf(job: Job) {
  const client = clients[job.tenant === 'alpha' ? 'alpha' : 'beta'];
  const calls = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<LinkhaulClient['calls']>> = await client.calls(job.id, {
      limit: 2,
      ...(cursor !== null && { cursor }),
    });
    calls.push(...page.calls);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return calls;
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + nanos(value), 0);

it('tells what was bought to the last digit of the upstream’s record, however it is grouped', async () => {
  const jobs: Job[] = [];
  jobs.push(await run('alpha', { endpoint: 'bulk_backlinks', tag: 'a, "b"', metadata: { team: 'x' } }, domains(40)));
  await world.fault({ kind: 'reset_after', count: 2 });
  jobs.push(
    await run('alpha', { endpoint: 'domain_pages', tag: 'lost', metadata: { team: 'x' } }, [...TRIO, ...domains(4)]),
  );
  await world.fault({ kind: 'status', code: 50000, level: 'task', count: 2, charged: true });
  jobs.push(await run('alpha', { endpoint: 'domain_pages', tag: 'again', metadata: { team: 'y' } }, domains(5)));
  await world.fault({ kind: 'status', code: 40503, level: 'task', count: 1 });
  jobs.push(await run('beta', { endpoint: 'bulk_pages_summary', tag: 'refused' }, domains(3)));
  await world.fault({ kind: 'reset_after', count: 2 });
  jobs.push(await run('beta', { endpoint: 'bulk_backlinks', tag: 'given-up' }, domains(3)));
  expect(jobs.map(({ outcome }) => outcome)).toEqual(['complete', 'complete', 'complete', 'none', 'none']);

  const { total } = await clients.admin.usage({ groupBy: ['tenant'] });
  expect(nanos(total.spent_usd)).toBe(await recorded(jobs));
  expect(nanos(total.spent_usd)).toBe(nanos((await world.record()).totals.cost_usd));
  expect(nanos(total.spent_usd)).toBe(sum(jobs.map(({ cost }) => cost.spent_usd)));
  expect(nanos(total.wasted_usd)).toBe(sum(jobs.map(({ cost }) => cost.wasted_usd)));
  expect(total.wasted_usd).toBeGreaterThan(0);
  expect(total.unconfirmed_usd).toBe(0);
  expect(total.items).toBe(jobs.reduce((items, job) => items + job.items, 0));

  const groupings = [
    ['tenant', (job: Job) => job.tenant],
    ['tag', (job: Job) => job.tag],
    ['endpoint', (job: Job) => job.endpoint],
    ['metadata.team', (job: Job) => job.metadata.team ?? null],
    ['day', (job: Job) => job.created_at.slice(0, 10)],
    ['month', (job: Job) => job.created_at.slice(0, 7)],
  ] as const;
  for (const [field, valueIn] of groupings) {
    const { usage } = await clients.admin.usage({ groupBy: [field] });
    expect(usage.map((line) => line[field])).toEqual([...new Set(jobs.map(valueIn))].sort(nullsFirst));
    for (const line of usage) {
      const own = jobs.filter((job) => valueIn(job) === line[field]);
      expect(nanos(line.spent_usd), field).toBe(await recorded(own));
      expect(nanos(line.wasted_usd), field).toBe(sum(own.map(({ cost }) => cost.wasted_usd)));
    }
  }
  const alone = await clients.alpha.usage({ groupBy: ['tenant', 'tag'] });
  expect(alone.usage.map(({ tenant, tag }) => [tenant, tag])).toEqual([
    ['alpha', 'a, "b"'],
    ['alpha', 'again'],
    ['alpha', 'lost'],
  ]);

  for (const job of jobs) {
    const attempts = (await callsOf(job)).flatMap((call) => call.attempts);
    expect(sum(attempts.map(({ cost_usd }) => cost_usd ?? 0)), job.tag).toBe(nanos(job.cost.spent_usd));
    expect(new Set(attempts.map(({ tag }) => tag)).size).toBe(attempts.length);
  }
});

function nullsFirst(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

it('shows the ledger of a job whose answers were lost: every attempt, with what the record says of it', async () => {
  await world.fault({ kind: 'reset_after', count: 1 });
  const job = await run('alpha', { endpoint: 'referring_domains', max_items_per_target: 1500 }, TRIO);
  const calls = await callsOf(job);
  expect(calls.map(({ call }) => call)).toEqual([...calls.map(({ call }) => call)].sort((a, b) => a - b));
  expect(calls).toHaveLength(job.calls.planned);
  expect(calls.every(({ status, targets }) => status === 'stored' && targets === 1)).toBe(true);
  for (const { call, offset } of calls) expect(offset).toBe(1000 * Math.floor((call - 1) / 3));
  const { requests } = await world.record();
  const attempts = calls.flatMap((call) => call.attempts);
  expect(attempts).toHaveLength(job.calls.attempts);
  for (const { tag, cost_usd: cost } of attempts) {
    expect(nanos(requests.find((request) => request.tag === tag)?.cost_usd ?? -1)).toBe(nanos(cost ?? -1));
  }
  const lost = attempts.filter(({ answered_at: at }) => at === null);
  expect(lost).toHaveLength(1);
  expect(lost[0]).toMatchObject({ code: null, upstream_task_id: expect.any(String), worker: expect.any(String) });
  expect((await clients.alpha.calls(job.id, { status: ['failed', 'unknown', 'planned'] })).calls).toEqual([]);
});

it('counts what a cancelled job paid for calls that it never settled', async () => {
  await world.fault({ kind: 'status', code: 50000, level: 'task', charged: true });
  const { id } = await clients.alpha.submit({ endpoint: 'domain_pages', tag: 'cut' }, domains(4));
  await expect.poll(async () => (await clients.alpha.job(id)).cost.spent_usd).toBeGreaterThan(0);
  await clients.alpha.cancel(id);
  await world.clearFaults();
  const job = await clients.alpha.waitFor(id);
  const calls = await callsOf(job);
  expect(calls).toHaveLength(4);
  const spent = calls.flatMap(({ attempts }) => attempts.map(({ cost_usd }) => cost_usd ?? 0));
  expect(sum(spent)).toBe(nanos(job.cost.spent_usd));
  expect(sum(spent)).toBe(await recorded([job]));
});
