import type { Job } from '@linkhaul/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect, domains, HOLDING, nanos, startWorld, type World } from './harness.js';

let world: World;
/** One page of one item. */
const ONE_USD = 0.024036;
const one = { endpoint: 'domain_pages_summary', max_items_per_target: 1 } as const;

beforeAll(async () => {
  world = await startWorld({
    workers: 2,
    env: { ...HOLDING, UPSTREAM_CALL_USD: '0.02', UPSTREAM_ITEM_USD: '0.00003' },
  });
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.settings({ latency_ms: 20, price: 'since_2026_07' });
});

const paused = (id: string) => world.client.waitFor(id, { untilPaused: true, roundMs: 500 });

/** What the upstream charged for a job, in nanos. */
async function charged(job: Job): Promise<number> {
  const { requests } = await world.record();
  const own = requests.filter(({ tag }) => tag?.startsWith(`${job.id}.`));
  return own.reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
}

describe('a budget', () => {
  it('pauses the job with what was bought; raised, the job goes on where it stopped', async () => {
    const { id } = await world.client.submit({ ...one, max_cost_usd: 10.5 * ONE_USD }, domains(30));
    const short = await paused(id);
    expect(short).toMatchObject({ status: 'paused', reason: 'budget', max_cost_usd: 10.5 * ONE_USD });
    expect(short.rows).toMatchObject({ pending: 20 });
    expect(nanos(short.cost.spent_usd)).toBe(10 * nanos(ONE_USD));
    expect(await charged(short)).toBe(nanos(short.cost.spent_usd));
    expect(await collect(world.client.results(id))).not.toHaveLength(0);

    await expect(world.client.resume(id)).rejects.toMatchObject({ status: 409 });
    await expect(world.client.resume(id, { maxCostUsd: 0.1 })).rejects.toMatchObject({ status: 422 });
    await world.client.resume(id, { maxCostUsd: 1 });
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', max_cost_usd: 1, rows: { total: 30, pending: 0, skipped: 0 } });
    expect(job.calls.attempts).toBe(30);
    expect(await charged(job)).toBe(nanos(job.cost.spent_usd));
    expect(job.history.map(({ action, by }) => [action, by])).toEqual([
      ['submit', 'local'],
      ['pause', 'system'],
      ['set_budget', 'local'],
      ['resume', 'local'],
      ['finish', 'system'],
    ]);
  });

  it('that is to finish the job leaves rows skipped, which say why and can be run again', async () => {
    const { id } = await world.client.submit({ ...one, max_cost_usd: 0.1, on_budget: 'finish' }, domains(10));
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', reason: 'budget', rows: { pending: 0, skipped: 6 } });
    const rows = await collect(world.client.rows(id));
    const skipped = rows.filter(({ status }) => status === 'skipped');
    expect(skipped.map(({ error }) => error)).toEqual(
      skipped.map(() => expect.objectContaining({ code: 'budget', retryable: true })),
    );
    expect(await charged(job)).toBe(nanos(job.cost.spent_usd));
  });

  it('that finished the job can be raised as it is run again, by rows that there are', async () => {
    const { id } = await world.client.submit({ ...one, max_cost_usd: 0.1, on_budget: 'finish' }, domains(10));
    await world.client.waitFor(id);
    await expect(world.client.retry(id)).rejects.toMatchObject({ status: 409 });
    await expect(world.client.retry(id, { maxCostUsd: 0.1 })).rejects.toMatchObject({ status: 422 });
    const none = { codes: ['upstream_error'], maxCostUsd: 0.2 } as const;
    await expect(world.client.retry(id, none)).rejects.toMatchObject({ status: 409 });
    expect(await world.client.job(id)).toMatchObject({ run: 1, max_cost_usd: 0.1 });
    await world.client.retry(id, { maxCostUsd: 0.2 });
    const more = await world.client.waitFor(id);
    expect(more).toMatchObject({ reason: 'budget', run: 2, rows: { pending: 0, skipped: 2 } });
    await world.client.retry(id, { maxCostUsd: 1 });
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ reason: null, run: 3, outcome: 'complete', rows: { skipped: 0 } });
    expect(job.calls.attempts).toBe(10);
    expect(await charged(job)).toBe(nanos(job.cost.spent_usd));
    const { calls } = await world.client.calls(id, { status: ['stored'] });
    expect(calls.flatMap(({ attempts }) => attempts)).toHaveLength(10);
  });

  it('is never exceeded by jobs that run at the same time, each with its own, over two workers', async () => {
    await world.settings({ latency_ms: 150 });
    const budgets = [0.1, 0.3, 0.7, 1.1];
    const jobs = await Promise.all(
      budgets.map((usd) => world.client.submit({ ...one, max_cost_usd: usd }, domains(60))),
    );
    for (const [at, { id }] of jobs.entries()) {
      const job = await paused(id);
      const budget = nanos(budgets[at] ?? 0);
      expect(await charged(job)).toBe(nanos(job.cost.spent_usd));
      expect(nanos(job.cost.spent_usd)).toBeLessThanOrEqual(budget);
      expect(nanos(job.cost.spent_usd)).toBeGreaterThan(budget - nanos(ONE_USD));
      await world.client.cancel(id);
      expect((await world.client.waitFor(id)).rows.pending).toBe(0);
    }
  });

  it('buys lists to their end, and the last page with what is left', async () => {
    const fields = { endpoint: 'referring_domains', max_items_per_target: null } as const;
    const target = ['facebook.com'];
    const { id } = await world.client.submit({ ...fields, max_cost_usd: 100 }, target);
    const whole = await world.client.waitFor(id);
    expect(whole).toMatchObject({ outcome: 'complete', max_items_per_target: null });
    const budget = 0.024 + 0.000036 * 7;
    const cut = await world.client.submit({ ...fields, max_cost_usd: budget, on_budget: 'finish' }, target);
    const [row] = await collect(world.client.rows((await world.client.waitFor(cut.id)).id));
    expect(row).toMatchObject({ status: 'ok', items: 7, truncated: 'budget', cost_usd: budget });
    expect(whole.items).toBeGreaterThan(7);
  });

  it('under one call, negative or absurd is refused before anything is spent', async () => {
    const before = (await world.record()).totals.cost_usd;
    for (const usd of [0.024, 0, -1, 1e9]) {
      await expect(world.client.submit({ ...one, max_cost_usd: usd }, domains(2))).rejects.toMatchObject({
        status: 422,
      });
    }
    const endless = { endpoint: 'domain_pages', max_items_per_target: null } as const;
    await expect(world.client.submit(endless, domains(2))).rejects.toMatchObject({ status: 422 });
    expect((await world.record()).totals.cost_usd).toBe(before);
  });
});

describe('prices', () => {
  it('are those that the upstream publishes, whatever is set', async () => {
    const low = async () => (await world.client.estimate({ endpoint: 'bulk_backlinks' }, domains(5))).cost_usd.low;
    await expect.poll(low).toBe(0.024 + 5 * 0.000036);
  });
});

describe('a deadline', () => {
  const soon = () => new Date(Date.now() + 3000).toISOString();

  it('pauses the job; who resumes it lifts it', async () => {
    await world.settings({ hold: true });
    const { id } = await world.client.submit({ ...one, deadline: soon() }, domains(200));
    const late = await paused(id);
    expect(late).toMatchObject({ status: 'paused', reason: 'deadline' });
    expect(late.rows.pending).toBeGreaterThan(0);
    await world.settings({ hold: false });
    await world.client.resume(id);
    expect(await world.client.waitFor(id)).toMatchObject({ status: 'completed', deadline: null, rows: { pending: 0 } });
  });

  it('finishes a job that is to finish', async () => {
    await world.settings({ latency_ms: 2000 });
    const fields = { ...one, deadline: soon(), on_budget: 'finish' } as const;
    const { id } = await world.client.submit(fields, domains(200));
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', reason: 'deadline', outcome: 'partial' });
    expect(job.rows.ok + job.rows.empty + job.rows.skipped).toBe(200);
    expect(await charged(job)).toBe(nanos(job.cost.spent_usd));
  });
});
